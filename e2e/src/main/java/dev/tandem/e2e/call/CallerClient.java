package dev.tandem.e2e.call;

import com.google.protobuf.util.Durations;
import dev.tandem.e2e.tool.Tool;
import dev.tandem.e2e.v1.CallRequest;
import dev.tandem.e2e.v1.CallerServiceGrpc;
import dev.tandem.e2e.v1.CallerServiceGrpc.CallerServiceBlockingStub;
import dev.tandem.e2e.v1.Credential;
import dev.tandem.e2e.v1.ProbeKind;
import dev.tandem.e2e.v1.ProbeRequest;
import dev.tandem.e2e.v1.ProbeResponse;
import dev.tandem.e2e.v1.RunLoadRequest;
import dev.tandem.e2e.v1.StopLoadRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A caller inside a cluster, told what to do through a tunnel to its pod. */
public final class CallerClient implements AutoCloseable {
  private static final int CONTROL_PORT = 9000;
  private static final int MESSAGE_BYTES = 64 << 20;
  private static final int CALLS_IN_FLIGHT = 2_000;
  private static final Duration CALL_DEADLINE = Duration.ofSeconds(10);
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration CONTROL_DEADLINE = Duration.ofSeconds(40);

  private final String cluster;
  private final String pod;
  private final Tunnel tunnel;
  private final ManagedChannel channel;

  private CallerClient(String cluster, String pod, Tunnel tunnel) {
    this.cluster = cluster;
    this.pod = pod;
    this.tunnel = tunnel;
    this.channel =
        NettyChannelBuilder.forAddress("127.0.0.1", tunnel.localPort())
            .usePlaintext()
            .proxyDetector(address -> null)
            .maxInboundMessageSize(MESSAGE_BYTES)
            .build();
  }

  /** The caller in a pod. */
  public static CallerClient inPod(Tool kubectl, String cluster, String namespace, String pod) {
    return new CallerClient(cluster, pod, Tunnel.open(kubectl, namespace, pod, CONTROL_PORT));
  }

  /** Whether its tunnel stands. */
  public boolean alive() {
    return tunnel.alive();
  }

  /** The cluster that it is in. */
  public String cluster() {
    return cluster;
  }

  /** Makes one call. A failed one is a result like any other. */
  public Call call(Work work) {
    return call(work, CALL_DEADLINE);
  }

  /** Makes one call with a deadline. */
  public Call call(Work work, Duration deadline) {
    return call(request(work, deadline).build());
  }

  /** Makes one call that carries something else than the caller's own token. */
  public Call call(Work work, Credential credential) {
    return call(request(work, CALL_DEADLINE).setCredential(credential).build());
  }

  /** Makes one call with metadata beside the caller's own token. */
  public Call call(Work work, Map<String, String> metadata) {
    return call(request(work, CALL_DEADLINE).putAllMetadata(metadata).build());
  }

  private static CallRequest.Builder request(Work work, Duration deadline) {
    return CallRequest.newBuilder()
        .setTarget(work.target())
        .setWork(work.message())
        .setDeadline(Durations.fromNanos(deadline.toNanos()));
  }

  private Call call(CallRequest request) {
    return Call.of(control(stub -> stub.call(request)).getCall());
  }

  /** Starts a load. */
  public RunningLoad load(Work work, LoadShape shape) {
    RunLoadRequest request =
        RunLoadRequest.newBuilder()
            .setLoadId(work.name() + "-" + UUID.randomUUID())
            .setTarget(work.target())
            .setWork(work.message())
            .setRatePerSecond(shape.ratePerSecond())
            .setCalls(shape.calls())
            .setConcurrency(CALLS_IN_FLIGHT)
            .setConnections(shape.connections())
            .setDeadline(Durations.fromNanos(shape.deadline().toNanos()))
            .setKeepReplies(shape.keepReplies())
            .build();
    RunningLoad load =
        new RunningLoad(
            "%s from %s".formatted(work.name(), cluster),
            () ->
                control(
                    stub ->
                        stub.stopLoad(
                            StopLoadRequest.newBuilder().setLoadId(request.getLoadId()).build())),
            this::broken);
    CallerServiceGrpc.newStub(channel).runLoad(request, load.observer());
    load.awaitStart();
    return load;
  }

  /** Sends a load to its end. */
  public Ledger run(Work work, LoadShape shape) {
    try (RunningLoad load = load(work, shape)) {
      return load.awaitEnd();
    }
  }

  /** Knocks on an address. */
  public ProbeResponse probe(String host, int port, ProbeKind kind) {
    return probe(ProbeRequest.newBuilder().setHost(host).setPort(port).setKind(kind));
  }

  /** Opens TLS to an address by a name, without a certificate. */
  public ProbeResponse probeTls(String host, int port, String serverName) {
    return probe(
        ProbeRequest.newBuilder()
            .setHost(host)
            .setPort(port)
            .setKind(ProbeKind.PROBE_KIND_TLS)
            .setServerName(serverName));
  }

  private ProbeResponse probe(ProbeRequest.Builder probe) {
    ProbeRequest request = probe.setTimeout(Durations.fromNanos(PROBE_TIMEOUT.toNanos())).build();
    return control(stub -> stub.probe(request));
  }

  private <T> T control(Function<CallerServiceBlockingStub, T> call) {
    try {
      return call.apply(
          CallerServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(CONTROL_DEADLINE.toSeconds(), TimeUnit.SECONDS));
    } catch (StatusRuntimeException e) {
      throw broken(e);
    }
  }

  private AssertionError broken(Throwable cause) {
    return new AssertionError(
        "the caller in pod %s of %s did not do as told: %s (its tunnel %s%s)"
            .formatted(
                pod,
                cluster,
                cause.getMessage(),
                tunnel.alive() ? "stands" : "is gone",
                tunnel.said().isEmpty() ? "" : "; kubectl said: " + tunnel.said()),
        cause);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    tunnel.close();
  }
}

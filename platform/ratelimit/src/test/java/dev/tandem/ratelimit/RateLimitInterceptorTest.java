package dev.tandem.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RateLimitInterceptorTest {

  private static final byte[] HELLO = {'h', 'i'};
  private static final RateLimitPolicy TEN = RateLimitPolicy.of(Limit.of("10/s burst 10"));

  private final ManualTime time = new ManualTime();
  private final Map<String, Integer> refused = new HashMap<>();
  private final List<EchoServer> servers = new ArrayList<>();

  @AfterEach
  void stop() {
    servers.forEach(EchoServer::close);
  }

  @Test
  void refusesWithResourceExhaustedAndRetryInfo() throws Exception {
    EchoServer server = serve(TEN);
    Channel channel = server.connect();
    assertThat(admittedOf(10, channel)).isEqualTo(10);

    StatusRuntimeException refusal = refusalOf(channel);

    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refusal.getStatus().getDescription())
        .isEqualTo(
            "over the limit of 10/s burst 10: wait 100 ms and repeat, or ask for a higher limit");
    assertThat(retryInfoOf(refusal).getRetryDelay())
        .isEqualTo(com.google.protobuf.Duration.newBuilder().setNanos(100_000_000).build());
  }

  @Test
  void admitsACallThatWaitedAsLongAsRetryInfoSays() throws Exception {
    EchoServer server = serve(TEN);
    Channel channel = server.connect();
    admittedOf(10, channel);

    var delay = retryInfoOf(refusalOf(channel)).getRetryDelay();
    time.pass(java.time.Duration.ofSeconds(delay.getSeconds(), delay.getNanos()));

    assertThat(admittedOf(1, channel)).isEqualTo(1);
  }

  @Test
  void letsNoRefusedCallReachTheService() throws Exception {
    EchoServer server = serve(TEN);

    admittedOf(50, server.connect());

    assertThat(server.reached).hasValue(10);
    assertThat(refused).containsExactly(Map.entry("tandem.test.Echo/Say by address", 40));
  }

  @Test
  void countsAStreamOnceHoweverMuchIsSaid() throws Exception {
    EchoServer server = serve(TEN);
    Channel channel = server.connect();
    BlockingClientCall<byte[], byte[]> stream =
        ClientCalls.blockingBidiStreamingCall(channel, EchoServer.TALK, CallOptions.DEFAULT);
    for (int i = 0; i < 100; i++) {
      stream.write(HELLO);
      assertThat(stream.read()).isEqualTo(HELLO);
    }

    assertThat(admittedOf(50, channel)).isEqualTo(9);
    stream.cancel("done", null);
  }

  @Test
  void refusesAStreamBeforeItBegins() throws Exception {
    EchoServer server = serve(TEN);
    Channel channel = server.connect();
    admittedOf(10, channel);
    BlockingClientCall<byte[], byte[]> stream =
        ClientCalls.blockingBidiStreamingCall(channel, EchoServer.TALK, CallOptions.DEFAULT);

    Status status = statusOf(stream);

    assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(server.reached).hasValue(10);
  }

  @Test
  void countsAllConnectionsOfACallerTogether() throws Exception {
    EchoServer server = serve(TEN);
    int admitted = 0;
    for (int i = 0; i < 20; i++) {
      admitted += admittedOf(5, server.connect());
    }
    assertThat(admitted).isEqualTo(10);
  }

  @Test
  void passesNoMoreThanAllowedToCallsAtTheSameTime() throws Exception {
    EchoServer server = serve(TEN);
    int admitted = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Channel channel = server.connect();
        results.add(threads.submit(() -> admittedOf(50, channel)));
      }
      for (Future<Integer> result : results) {
        admitted += result.get();
      }
    }
    assertThat(admitted).isEqualTo(10);
  }

  @Test
  void gainsACallerNothingToInventHeaders() throws Exception {
    EchoServer server = serve(TEN);
    Channel channel = server.connect();
    int admitted = 0;
    for (int i = 0; i < 50; i++) {
      Metadata invented = new Metadata();
      invented.put(ForwardedFor.HEADER, "198.51.100." + i);
      invented.put(
          Metadata.Key.of("x-real-ip", Metadata.ASCII_STRING_MARSHALLER), "198.51.100." + i);
      invented.put(
          Metadata.Key.of("forwarded", Metadata.ASCII_STRING_MARSHALLER), "for=198.51.100." + i);
      invented.put(ForwardedClientCertificate.HEADER, "URI=spiffe://cluster.local/ns/a/sa/" + i);
      admitted += admittedOf(1, with(invented, channel));
    }
    assertThat(admitted).isEqualTo(10);
  }

  @Test
  void tellsCallersBehindATrustedProxyApart() throws Exception {
    EchoServer server =
        serve(
            new RateLimitPolicy(
                TEN.limit(),
                Map.of(),
                Map.of(),
                Set.of(),
                List.of(),
                List.of(AddressRange.of("127.0.0.0/8")),
                Set.of(),
                100));
    Channel channel = server.connect();

    assertThat(admittedOf(50, with(forwardedFor("203.0.113.1"), channel))).isEqualTo(10);
    assertThat(admittedOf(50, with(forwardedFor("203.0.113.2"), channel))).isEqualTo(10);
    assertThat(admittedOf(50, with(forwardedFor("198.51.100.1, 203.0.113.2"), channel))).isZero();
  }

  @Test
  void countsAVerifiedCallerByName() throws Exception {
    EchoServer server =
        serve(
            new RateLimitPolicy(
                TEN.limit(),
                Map.of("load", Limit.of("40/s")),
                Map.of(),
                Set.of(),
                List.of(),
                List.of(),
                Set.of(),
                100));

    assertThat(admittedOf(50, with(name("ada"), server.connect()))).isEqualTo(10);
    assertThat(admittedOf(50, with(name("load"), server.connect()))).isEqualTo(40);
    assertThat(admittedOf(50, server.connect())).isEqualTo(10);
    assertThat(refused)
        .containsOnly(
            Map.entry("tandem.test.Echo/Say by name", 50),
            Map.entry("tandem.test.Echo/Say by address", 40));
  }

  @Test
  void neverRefusesHealthChecks() throws Exception {
    EchoServer server = serve(TEN);
    Channel channel = server.connect();
    for (int i = 0; i < 100; i++) {
      assertThat(
              HealthGrpc.newBlockingStub(channel)
                  .check(HealthCheckRequest.getDefaultInstance())
                  .getStatusValue())
          .isEqualTo(1);
    }
    assertThat(admittedOf(50, channel)).isEqualTo(10);
  }

  @Test
  void refusesNobodyWhenItIsSwitchedOff() throws Exception {
    EchoServer server =
        started(new RateLimitInterceptor(false, TEN, time, RateLimitMeter.NONE, null));

    assertThat(admittedOf(50, server.connect())).isEqualTo(50);
  }

  @Test
  void asksTheStoreOnlyWhatItWouldAdmitItself() throws Exception {
    Counting store = new Counting(Optional.of(new Decision.Admitted()));
    EchoServer server = serve(TEN, store);

    assertThat(admittedOf(50, server.connect())).isEqualTo(10);
    assertThat(store.asked).hasSize(10).allMatch("a:127.0.0.1"::equals);
  }

  @Test
  void refusesWhatTheStoreRefuses() throws Exception {
    Limit limit = Limit.of("7/h");
    EchoServer server =
        serve(
            TEN,
            new Counting(
                Optional.of(new Decision.Refused(limit, java.time.Duration.ofSeconds(514, 5)))));

    StatusRuntimeException refusal = refusalOf(server.connect());

    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(retryInfoOf(refusal).getRetryDelay())
        .isEqualTo(com.google.protobuf.Duration.newBuilder().setSeconds(514).setNanos(5).build());
    assertThat(server.reached).hasValue(0);
  }

  @Test
  void decidesAloneWhenTheStoreDoesNotAnswer() throws Exception {
    EchoServer server = serve(TEN, new Counting(Optional.empty()));

    assertThat(admittedOf(50, with(name("ada"), server.connect()))).isEqualTo(10);
    assertThat(refused).containsEntry("fell back", 10);
  }

  @Test
  void talksOnAStreamThatTheStoreWasAskedAbout() throws Exception {
    EchoServer server = serve(TEN, new Counting(Optional.of(new Decision.Admitted())));
    BlockingClientCall<byte[], byte[]> stream =
        ClientCalls.blockingBidiStreamingCall(
            server.connect(), EchoServer.TALK, CallOptions.DEFAULT);

    for (int i = 0; i < 100; i++) {
      stream.write(HELLO);
      assertThat(stream.read()).isEqualTo(HELLO);
    }
    stream.halfClose();
    assertThat(stream.read()).isNull();
  }

  private EchoServer serve(RateLimitPolicy policy) throws IOException {
    return started(new RateLimitInterceptor(true, policy, time, new Recording(), null));
  }

  private EchoServer serve(RateLimitPolicy policy, SharedBuckets store) throws IOException {
    return started(new RateLimitInterceptor(true, policy, time, new Recording(), store));
  }

  private EchoServer started(RateLimitInterceptor limiter) throws IOException {
    EchoServer server = new EchoServer(limiter);
    servers.add(server);
    return server;
  }

  private static int admittedOf(int calls, Channel channel) {
    int admitted = 0;
    for (int i = 0; i < calls; i++) {
      try {
        ClientCalls.blockingUnaryCall(channel, EchoServer.SAY, CallOptions.DEFAULT, HELLO);
        admitted++;
      } catch (StatusRuntimeException e) {
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      }
    }
    return admitted;
  }

  private static StatusRuntimeException refusalOf(Channel channel) {
    try {
      ClientCalls.blockingUnaryCall(channel, EchoServer.SAY, CallOptions.DEFAULT, HELLO);
    } catch (StatusRuntimeException e) {
      return e;
    }
    throw new AssertionError("the call was admitted");
  }

  private static Status statusOf(BlockingClientCall<byte[], byte[]> stream) throws Exception {
    try {
      byte[] answer = stream.read();
      throw new AssertionError("the stream was admitted: " + answer.length);
    } catch (io.grpc.StatusException e) {
      return e.getStatus();
    }
  }

  private static RetryInfo retryInfoOf(StatusRuntimeException refusal)
      throws InvalidProtocolBufferException {
    com.google.rpc.Status status = Objects.requireNonNull(StatusProto.fromThrowable(refusal));
    assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED.value());
    assertThat(status.getDetailsList()).hasSize(1);
    return status.getDetails(0).unpack(RetryInfo.class);
  }

  private static Channel with(Metadata headers, Channel channel) {
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static Metadata forwardedFor(String value) {
    Metadata headers = new Metadata();
    headers.put(ForwardedFor.HEADER, value);
    return headers;
  }

  private static Metadata name(String name) {
    Metadata headers = new Metadata();
    headers.put(EchoServer.NAME, name);
    return headers;
  }

  private static final class Counting implements SharedBuckets {

    private final Optional<Decision> decision;
    private final List<String> asked = new java.util.concurrent.CopyOnWriteArrayList<>();

    Counting(Optional<Decision> decision) {
      this.decision = decision;
    }

    @Override
    public Optional<Decision> take(String key, Limit limit) {
      asked.add(key);
      return decision;
    }

    @Override
    public void close() {}
  }

  private final class Recording implements RateLimitMeter {

    @Override
    public void refused(String method, boolean verified) {
      count(method + (verified ? " by name" : " by address"));
    }

    @Override
    public void fellBack() {
      count("fell back");
    }

    private void count(String what) {
      synchronized (refused) {
        refused.merge(what, 1, Integer::sum);
      }
    }
  }
}

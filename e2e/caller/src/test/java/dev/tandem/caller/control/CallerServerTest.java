package dev.tandem.caller.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.Durations;
import dev.tandem.caller.LoopbackService;
import dev.tandem.caller.SigningKey;
import dev.tandem.caller.calls.ServedBy;
import dev.tandem.e2e.v1.CallRecord;
import dev.tandem.e2e.v1.CallRequest;
import dev.tandem.e2e.v1.CallResponse;
import dev.tandem.e2e.v1.CallerServiceGrpc;
import dev.tandem.e2e.v1.CallerServiceGrpc.CallerServiceBlockingStub;
import dev.tandem.e2e.v1.Credential;
import dev.tandem.e2e.v1.NoCredential;
import dev.tandem.e2e.v1.NumberedField;
import dev.tandem.e2e.v1.ProbeKind;
import dev.tandem.e2e.v1.ProbeOutcome;
import dev.tandem.e2e.v1.ProbeRequest;
import dev.tandem.e2e.v1.RunLoadRequest;
import dev.tandem.e2e.v1.RunLoadResponse;
import dev.tandem.e2e.v1.Server;
import dev.tandem.e2e.v1.StopLoadRequest;
import dev.tandem.e2e.v1.TokenClaims;
import dev.tandem.e2e.v1.Work;
import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.GetUserResponse;
import dev.tandem.user.v1.UserServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class CallerServerTest {
  @SuppressWarnings("NullAway.Init") // JUnit sets it.
  @TempDir
  Path keys;

  private final LoopbackService.Users users = new LoopbackService.Users();
  private final LoopbackService service = LoopbackService.with(users);
  private CallerServer server;
  private ManagedChannel channel;
  private CallerServiceBlockingStub caller;

  @BeforeEach
  void start() throws IOException {
    server =
        CallerServer.start(
            Map.of(
                "TANDEM_CLUSTER", "beijing",
                "TANDEM_POD", "caller-0",
                "TANDEM_VERSION", "9.9",
                "TANDEM_GRPC_PORT", "0",
                "TANDEM_HEALTH_PORT", "0",
                "TANDEM_TOKEN_SIGNER", SigningKey.write(keys, SigningKey.generate()).toString()));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
    caller = CallerServiceGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    server.close();
    service.close();
  }

  @Test
  void streamsTheLedgerOfALoad() {
    List<RunLoadResponse> pieces = new ArrayList<>();

    caller.runLoad(load("ledger", 500, 1_000).build()).forEachRemaining(pieces::add);

    assertThat(pieces.getFirst().getStarted().getCaller())
        .isEqualTo(
            Server.newBuilder().setCluster("beijing").setPod("caller-0").setVersion("9.9").build());
    assertThat(pieces.getLast().getFinished().getCalls()).isEqualTo(500);
    List<CallRecord> calls =
        pieces.stream().flatMap(piece -> piece.getBatch().getCallsList().stream()).toList();
    assertThat(calls).extracting(CallRecord::getSequence).doesNotHaveDuplicates().hasSize(500);
    assertThat(calls)
        .allSatisfy(
            call -> {
              assertThat(call.getStatusCode()).isZero();
              assertThat(call.getServer().getCluster()).isEqualTo("shanghai");
              assertThat(call.getLatencyMicros()).isPositive();
              assertThat(call.getIntendedStartMicros()).isEqualTo(call.getSequence() * 1_000);
            });
  }

  @Test
  void keepsRepliesWhenAsked() throws Exception {
    Iterator<RunLoadResponse> pieces =
        caller.runLoad(load("replies", 1, 1_000).setKeepReplies(true).build());

    CallRecord call = null;
    while (pieces.hasNext()) {
      RunLoadResponse piece = pieces.next();
      call = piece.hasBatch() ? piece.getBatch().getCalls(0) : call;
    }

    assertThat(GetUserResponse.parseFrom(Objects.requireNonNull(call).getReplies(0)).getUserId())
        .isEqualTo("u-1-0");
  }

  @Test
  void stopsALoadByItsName() {
    Iterator<RunLoadResponse> pieces = caller.runLoad(load("endless", 1_000_000, 100).build());
    assertThat(pieces.next().hasStarted()).isTrue();
    assertThat(pieces.next().hasBatch()).isTrue();
    assertThatThrownBy(() -> caller.runLoad(load("endless", 1, 1).build()).next())
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("ALREADY_EXISTS: a load named 'endless' is running");

    caller.stopLoad(StopLoadRequest.newBuilder().setLoadId("endless").build());

    RunLoadResponse last = RunLoadResponse.getDefaultInstance();
    while (pieces.hasNext()) {
      last = pieces.next();
    }
    assertThat(last.hasFinished()).isTrue();
    assertThatThrownBy(
            () -> caller.stopLoad(StopLoadRequest.newBuilder().setLoadId("endless").build()))
        .hasMessage("NOT_FOUND: no load named 'endless' is running");
  }

  @Test
  void endsWithTheLedgersOfItsLoadsComplete() {
    Iterator<RunLoadResponse> pieces = caller.runLoad(load("drained", 1_000_000, 100).build());
    assertThat(pieces.next().hasStarted()).isTrue();

    server.close();

    long calls = 0;
    RunLoadResponse last = RunLoadResponse.getDefaultInstance();
    while (pieces.hasNext()) {
      last = pieces.next();
      calls += last.getBatch().getCallsCount();
    }
    assertThat(last.getFinished().getCalls()).isEqualTo(calls);
  }

  @Test
  void makesOneCall() throws Exception {
    CallResponse response =
        caller.call(
            CallRequest.newBuilder()
                .setTarget(service.target().toString())
                .setWork(getUser())
                .setDeadline(Durations.fromSeconds(20))
                .build());

    assertThat(response.getCall().getStatusCode()).isZero();
    assertThat(GetUserResponse.parseFrom(response.getCall().getReplies(0)).getAge()).isEqualTo(34);
    assertThat(response.getMetadataMap()).containsEntry("tandem-pod", "user-0");
    assertThat(response.getCaller().getCluster()).isEqualTo("beijing");
  }

  @Test
  void carriesTheCredentialThatItIsTold() {
    CallRequest.Builder call =
        CallRequest.newBuilder()
            .setTarget(service.target().toString())
            .setWork(getUser())
            .setDeadline(Durations.fromSeconds(20));

    for (Credential credential :
        List.of(
            Credential.newBuilder().setNone(NoCredential.getDefaultInstance()).build(),
            Credential.newBuilder().setAuthorization("Basic YTpi").build(),
            Credential.newBuilder()
                .setSigned(TokenClaims.newBuilder().setSubject("ada"))
                .build())) {
      caller.call(call.setCredential(credential).build());
    }
    caller.call(call.clearCredential().build());
    caller.runLoad(load("signed", 1, 1_000).build()).forEachRemaining(piece -> {});

    assertThat(service.authorizations()).hasSize(5);
    assertThat(service.authorizations().subList(0, 2)).containsExactly("", "Basic YTpi");
    assertThat(service.authorizations().subList(2, 5))
        .allMatch(each -> each.startsWith("Bearer ey"));
    assertThat(service.authorizations().get(2)).isNotEqualTo(service.authorizations().get(3));
    assertThat(service.authorizations().get(3)).isEqualTo(service.authorizations().get(4));
    assertThatThrownBy(
            () -> caller.call(call.setCredential(Credential.getDefaultInstance()).build()))
        .hasMessageContaining("INVALID_ARGUMENT: credential is empty");
  }

  @Test
  void carriesTheMetadataThatItIsTold() {
    CallRequest.Builder call =
        CallRequest.newBuilder()
            .setTarget(service.target().toString())
            .setWork(getUser())
            .setDeadline(Durations.fromSeconds(20));

    caller.call(call.putMetadata("tracestate", "tandem=keep").build());

    assertThat(service.said("tracestate")).containsExactly("tandem=keep");
    assertThatThrownBy(() -> caller.call(call.putMetadata("no name", "").build()))
        .hasMessageContaining("INVALID_ARGUMENT");
  }

  @Test
  void knocksOnAnAddress() {
    ProbeRequest.Builder probe =
        ProbeRequest.newBuilder()
            .setHost(service.target().host())
            .setPort(service.target().port())
            .setTimeout(Durations.fromSeconds(20));

    assertThat(caller.probe(probe.setKind(ProbeKind.PROBE_KIND_TCP).build()).getOutcome())
        .isEqualTo(ProbeOutcome.PROBE_OUTCOME_CONNECTED);
    assertThat(caller.probe(probe.setKind(ProbeKind.PROBE_KIND_PLAINTEXT).build()).getOutcome())
        .isEqualTo(ProbeOutcome.PROBE_OUTCOME_ANSWERED);
  }

  @Test
  void saysWhichFieldBreaksARule() {
    assertThatThrownBy(() -> caller.runLoad(load("", 1, 1).build()).next())
        .hasMessage("INVALID_ARGUMENT: load_id has 0 characters: 1 to 128 are allowed");
    assertThatThrownBy(() -> caller.runLoad(load("no-limit", 1, 1).clearLimit().build()).next())
        .hasMessageContaining("calls and duration are unset");
    assertThatThrownBy(() -> caller.call(CallRequest.getDefaultInstance()))
        .hasMessageContaining("INVALID_ARGUMENT: work.method is ''");
    assertThatThrownBy(() -> caller.probe(ProbeRequest.getDefaultInstance()))
        .hasMessageContaining("INVALID_ARGUMENT: kind is unset");
  }

  @Test
  void answersHealthOnBothPortsAndSaysWhoItIs() throws Exception {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    var health =
        HealthGrpc.newBlockingStub(channel)
            .withInterceptors(
                MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()));

    assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
        .isEqualTo(ServingStatus.SERVING);
    assertThat(ServedBy.in(Objects.requireNonNull(headers.get())))
        .isEqualTo(new ServedBy("beijing", "caller-0", "9.9"));
    assertThat(get("/health").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready?verbose").body()).isEqualTo("{\"status\":\"UP\",\"checks\":[]}");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/metrics").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.healthPort() + path))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private RunLoadRequest.Builder load(String id, long calls, double rate) {
    return RunLoadRequest.newBuilder()
        .setLoadId(id)
        .setTarget(service.target().toString())
        .setWork(getUser())
        .setRatePerSecond(rate)
        .setCalls(calls)
        .setConcurrency(100)
        .setConnections(2)
        .setDeadline(Durations.fromSeconds(20));
  }

  private static Work getUser() {
    return Work.newBuilder()
        .setMethod(UserServiceGrpc.getGetUserMethod().getFullMethodName())
        .setRequest(GetUserRequest.getDefaultInstance().toByteString())
        .setNumberedField(
            NumberedField.newBuilder()
                .setNumber(GetUserRequest.USER_ID_FIELD_NUMBER)
                .setPrefix("u-1-"))
        .build();
  }
}

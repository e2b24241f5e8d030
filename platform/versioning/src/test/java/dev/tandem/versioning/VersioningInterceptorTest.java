package dev.tandem.versioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.identity.Caller;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.health.v1.HealthGrpc.HealthBlockingStub;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the loopback, with the service grpc.health.v1 in the part of an API of ours. */
class VersioningInterceptorTest {

  private static final String PACKAGE = "grpc.health.v1";
  private static final Announcement ANNOUNCEMENT =
      new Announcement(
          LocalDate.of(2026, 12, 1),
          LocalDate.of(2027, 6, 1),
          Optional.of("grpc.health.v2"),
          Optional.of(URI.create("https://example.com/v2")));
  private static final HealthCheckRequest KNOWN = HealthCheckRequest.getDefaultInstance();
  private static final HealthCheckRequest UNKNOWN =
      HealthCheckRequest.newBuilder().setService("unknown").build();

  private final AtomicReference<Metadata> headers = new AtomicReference<>();
  private final AtomicReference<Metadata> trailers = new AtomicReference<>();
  private final AtomicInteger reached = new AtomicInteger();
  private final List<String> counted = Collections.synchronizedList(new ArrayList<>());

  private final StandInForAuthentication authentication = new StandInForAuthentication();
  private final LifecycleSource lifecycle = LifecycleSource.fixed(new Lifecycle(Map.of()));

  private Server server;
  private ManagedChannel channel;
  private HealthBlockingStub health;

  @BeforeEach
  void start() throws IOException {
    ApiCallMeter meter =
        (packageName, state, caller) ->
            counted.add(
                "%s %s %s"
                    .formatted(
                        packageName, state.word(), caller.map(Caller::name).orElse("unverified")));
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(
                // The last one is outermost.
                ServerInterceptors.intercept(
                    new HealthStatusManager().getHealthService(),
                    new ForeignAnnouncement(),
                    new ApiCallInterceptor(lifecycle, meter),
                    authentication,
                    new VersioningInterceptor(lifecycle, meter)))
            .build()
            .start();
    channel =
        Grpc.newChannelBuilderForAddress(
                "127.0.0.1", server.getPort(), InsecureChannelCredentials.create())
            .build();
    health =
        HealthGrpc.newBlockingStub(channel)
            .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void announcesADeprecationInTheHeadersOfAReply() {
    serve(Map.of(PACKAGE, new ApiState.Sunsetting(ANNOUNCEMENT)));

    assertThat(health.check(KNOWN).getStatusValue()).isEqualTo(1);

    assertAnnounces(Objects.requireNonNull(headers.get()), "Check");
  }

  @Test
  void announcesADeprecationInTheTrailersOfAnError() {
    serve(Map.of(PACKAGE, new ApiState.Sunsetting(ANNOUNCEMENT)));

    StatusRuntimeException error = errorOf(UNKNOWN);

    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertAnnounces(Objects.requireNonNull(error.getTrailers()), "Check");
  }

  @Test
  void announcesADeprecationOnAStream() {
    serve(Map.of(PACKAGE, new ApiState.Sunsetting(ANNOUNCEMENT)));
    Context.CancellableContext watching = Context.current().withCancellation();
    watching.run(
        () ->
            assertThat(health.watch(KNOWN).next().getStatus())
                .isEqualTo(HealthCheckResponse.ServingStatus.SERVING));
    watching.cancel(null);

    assertAnnounces(Objects.requireNonNull(headers.get()), "Watch");
  }

  @Test
  void refusesARetiredVersionBeforeTheServiceSeesIt() {
    serve(Map.of(PACKAGE, new ApiState.Retired(ANNOUNCEMENT)));

    StatusRuntimeException error = errorOf(KNOWN);

    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(error.getStatus().getDescription())
        .isEqualTo(
            "grpc.health.v1 was retired: call grpc.health.v2 instead, see https://example.com/v2");
    assertAnnounces(Objects.requireNonNull(error.getTrailers()), "Check");
    assertThat(reached).hasValue(0);
    assertThat(counted).containsExactly("grpc.health.v1 RETIRED ada");
  }

  /** Else whoever calls would look for a mistake in the token. */
  @Test
  void refusesARetiredVersionAlsoForWhomNobodyKnows() {
    serve(Map.of(PACKAGE, new ApiState.Retired(ANNOUNCEMENT)));
    authentication.refuses = true;

    StatusRuntimeException error = errorOf(KNOWN);

    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertAnnounces(Objects.requireNonNull(error.getTrailers()), "Check");
    assertThat(reached).hasValue(0);
    assertThat(counted).containsExactly("grpc.health.v1 RETIRED unverified");
  }

  @Test
  void decidesOnceWhateverBecomesOfTheLifecycleMeanwhile() {
    serve(Map.of(PACKAGE, new ApiState.Retired(ANNOUNCEMENT)));
    authentication.meanwhile = () -> serve(Map.of(PACKAGE, new ApiState.Active()));

    assertThat(errorOf(KNOWN).getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(counted).containsExactly("grpc.health.v1 RETIRED ada");
  }

  @Test
  void refusesAStreamOfARetiredVersion() {
    serve(Map.of(PACKAGE, new ApiState.Retired(ANNOUNCEMENT)));

    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> health.watch(KNOWN).hasNext())
        .satisfies(
            error -> assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
    assertThat(reached).hasValue(0);
  }

  @Test
  void pointsToThePageWhereARetiredVersionHasNoSuccessor() {
    serve(
        Map.of(
            PACKAGE,
            new ApiState.Retired(
                new Announcement(
                    ANNOUNCEMENT.deprecated(),
                    ANNOUNCEMENT.sunset(),
                    Optional.empty(),
                    ANNOUNCEMENT.link()))));

    assertThat(errorOf(KNOWN).getStatus().getDescription())
        .isEqualTo("grpc.health.v1 was retired: see https://example.com/v2");
  }

  @Test
  void saysNothingAboutVersionsThatStay() {
    serve(Map.of(PACKAGE, new ApiState.Active()));

    health.check(KNOWN);

    assertAnnouncesNothing();
    assertThat(counted).containsExactly("grpc.health.v1 ACTIVE ada");
  }

  @Test
  void saysNothingAboutPackagesThatAreNotPublished() {
    serve(Map.of("grpc.health", new ApiState.Retired(ANNOUNCEMENT)));

    health.check(KNOWN);

    assertAnnouncesNothing();
    assertThat(counted).isEmpty();
  }

  @Test
  void countsWhoStillCallsADeprecatedVersion() {
    serve(Map.of(PACKAGE, new ApiState.Sunsetting(ANNOUNCEMENT)));

    health.check(KNOWN);
    errorOf(UNKNOWN);

    assertThat(counted)
        .containsExactly("grpc.health.v1 DEPRECATED ada", "grpc.health.v1 DEPRECATED ada");
  }

  private void serve(Map<String, ApiState> packages) {
    lifecycle.replaceBy(new Lifecycle(packages));
  }

  private StatusRuntimeException errorOf(HealthCheckRequest request) {
    try {
      health.check(request);
    } catch (StatusRuntimeException e) {
      return e;
    }
    throw new AssertionError("the call was answered");
  }

  private static void assertAnnounces(Metadata metadata, String method) {
    assertThat(metadata.getAll(Announcement.DEPRECATION)).containsExactly("@1796083200");
    assertThat(metadata.getAll(Announcement.SUNSET))
        .containsExactly("Tue, 01 Jun 2027 00:00:00 GMT");
    assertThat(metadata.getAll(Announcement.LINK))
        .containsExactly(
            "</grpc.health.v2.Health/%s>; rel=\"successor-version\", <https://example.com/v2>; rel=\"deprecation\""
                .formatted(method));
  }

  private void assertAnnouncesNothing() {
    Metadata received = Objects.requireNonNull(headers.get());
    assertThat(received.get(Announcement.SUNSET)).isEqualTo("what another server said");
    assertThat(received.get(Announcement.DEPRECATION)).isNull();
    assertThat(received.get(Announcement.LINK)).isNull();
  }

  /** A service that passes on what another server announced, and counts that it was reached. */
  private final class ForeignAnnouncement implements ServerInterceptor {

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata request, ServerCallHandler<ReqT, RespT> next) {
      reached.incrementAndGet();
      return next.startCall(
          new SimpleForwardingServerCall<>(call) {
            @Override
            public void sendHeaders(Metadata sent) {
              sent.put(Announcement.SUNSET, "what another server said");
              super.sendHeaders(sent);
            }
          },
          request);
    }
  }

  private static final class StandInForAuthentication implements ServerInterceptor {

    private volatile boolean refuses;
    private volatile Runnable meanwhile = () -> {};

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata request, ServerCallHandler<ReqT, RespT> next) {
      meanwhile.run();
      if (refuses) {
        call.close(Status.UNAUTHENTICATED, new Metadata());
        return new ServerCall.Listener<>() {};
      }
      return Contexts.interceptCall(new Caller("ada").into(Context.current()), call, request, next);
    }
  }
}

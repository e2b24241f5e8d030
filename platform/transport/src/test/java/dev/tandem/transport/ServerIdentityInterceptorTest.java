package dev.tandem.transport;

import static dev.tandem.transport.ServerIdentityInterceptor.CLUSTER;
import static dev.tandem.transport.ServerIdentityInterceptor.POD;
import static dev.tandem.transport.ServerIdentityInterceptor.VERSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
import io.grpc.health.v1.HealthGrpc;
import io.grpc.health.v1.HealthGrpc.HealthBlockingStub;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerIdentityInterceptorTest {

  private static final ServerIdentityInterceptor INTERCEPTOR =
      new ServerIdentityInterceptor(new Identity("shanghai", "user-1", "0.1.0"));

  private final AtomicReference<Metadata> headers = new AtomicReference<>();
  private final AtomicReference<Metadata> trailers = new AtomicReference<>();
  private Server server;
  private ManagedChannel channel;
  private HealthBlockingStub health;

  @BeforeEach
  void serveHealthUnderTheInterceptor() throws IOException {
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(
                ServerInterceptors.intercept(
                    new HealthStatusManager().getHealthService(),
                    new ForeignMetadata(),
                    INTERCEPTOR))
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
  void namesTheServerInTheHeadersOfAReply() {
    health.check(HealthCheckRequest.getDefaultInstance());

    assertNamesTheServer(Objects.requireNonNull(headers.get()));
  }

  @Test
  void namesTheServerInTheTrailersOfAnError() {
    HealthCheckRequest unknown = HealthCheckRequest.newBuilder().setService("unknown").build();

    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> health.check(unknown))
        .satisfies(
            error -> {
              assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
              assertNamesTheServer(Objects.requireNonNull(error.getTrailers()));
            });
  }

  /** As a header it would end the connection, and with it the calls of others. */
  @ParameterizedTest
  @ValueSource(strings = {"user-1\r\nx: y", "上海", "", "\u0000"})
  void refusesANameThatMetadataCannotCarry(String pod) {
    Identity identity = new Identity("shanghai", pod, "0.1.0");

    assertThatExceptionOfType(WrongSettingException.class)
        .isThrownBy(() -> new ServerIdentityInterceptor(identity))
        .withMessage(
            "tandem.pod=%s: must be printable ASCII, because every reply carries it"
                .formatted(pod));
  }

  private static void assertNamesTheServer(Metadata metadata) {
    assertThat(metadata.getAll(CLUSTER)).containsExactly("shanghai");
    assertThat(metadata.getAll(POD)).containsExactly("user-1");
    assertThat(metadata.getAll(VERSION)).containsExactly("0.1.0");
  }

  private record Identity(String cluster, String pod, String version) implements ServerIdentity {}

  /** A service that passes on what another server said about itself. */
  private static final class ForeignMetadata implements ServerInterceptor {

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata request, ServerCallHandler<ReqT, RespT> next) {
      return next.startCall(
          new SimpleForwardingServerCall<>(call) {
            @Override
            public void sendHeaders(Metadata headers) {
              headers.put(CLUSTER, "beijing");
              super.sendHeaders(headers);
            }

            @Override
            public void close(Status status, Metadata trailers) {
              trailers.put(CLUSTER, "beijing");
              super.close(status, trailers);
            }
          },
          request);
    }
  }
}

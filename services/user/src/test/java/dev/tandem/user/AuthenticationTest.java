package dev.tandem.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.transport.ServerIdentityInterceptor;
import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.UserServiceGrpc;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceBlockingStub;
import dev.tandem.user.v1.WatchUserRequest;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service as it runs in a cluster: nobody is served without a token. */
@QuarkusTest
@WithTestResource(SignedTokens.class)
class AuthenticationTest {

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int grpcPort;

  private ManagedChannel channel;

  @BeforeEach
  void connect() {
    channel =
        Grpc.newChannelBuilderForAddress("127.0.0.1", grpcPort, InsecureChannelCredentials.create())
            .build();
  }

  @AfterEach
  void disconnect() {
    channel.shutdownNow();
  }

  @Test
  void servesCallersWithATokenInCallsAndStreams() {
    UserServiceBlockingStub users = users(SignedTokens.token("caller"));

    assertThat(users.getUser(getAda()).getName()).isEqualTo("Ada Lovelace");
    try (Context.CancellableContext call = Context.current().withCancellation()) {
      call.run(() -> assertThat(users.watchUser(watchAda()).next().getUserId()).isEqualTo("ada"));
    }
  }

  @Test
  void refusesOthersAndStillSaysWhichServerRefused() {
    for (Metadata headers : new Metadata[] {new Metadata(), SignedTokens.forgedToken("caller")}) {
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> users(headers).getUser(getAda()))
          .satisfies(
              error -> {
                assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
                assertThat(
                        Objects.requireNonNull(error.getTrailers())
                            .get(ServerIdentityInterceptor.CLUSTER))
                    .isEqualTo("local");
              });
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> users(headers).watchUser(watchAda()).next())
          .satisfies(
              error ->
                  assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
    }
  }

  @Test
  void reportsItsHealthToEverybody() {
    assertThat(
            HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }

  private UserServiceBlockingStub users(Metadata headers) {
    return UserServiceGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private static GetUserRequest getAda() {
    return GetUserRequest.newBuilder().setUserId("ada").build();
  }

  private static WatchUserRequest watchAda() {
    return WatchUserRequest.newBuilder().setUserId("ada").build();
  }
}

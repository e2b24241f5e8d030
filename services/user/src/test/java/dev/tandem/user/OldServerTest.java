package dev.tandem.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.UserServiceGrpc;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.BlockingClientCall;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server whose newest version is v1 is, from outside, one that was built before v2. */
@QuarkusTest
@TestProfile(OldServerTest.OldServer.class)
class OldServerTest {

  public static final class OldServer implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(UserSettings.NEWEST_VERSION, UserSettings.V1);
    }
  }

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
  void servesVersion1() {
    assertThat(
            UserServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .getUser(GetUserRequest.newBuilder().setUserId("ada").build())
                .getName())
        .isEqualTo("Ada Lovelace");
  }

  @Test
  void doesNotKnowVersion2() {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(
            () ->
                dev.tandem.user.v2.UserServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .getUser(
                        dev.tandem.user.v2.GetUserRequest.newBuilder().setUserId("ada").build()))
        .withMessage("UNIMPLEMENTED: Method not found: tandem.user.v2.UserService/GetUser");
  }

  @Test
  void doesNotNameVersion2ToReflection() throws Exception {
    BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> reflection =
        ServerReflectionGrpc.newBlockingV2Stub(channel).serverReflectionInfo();
    reflection.write(ServerReflectionRequest.newBuilder().setListServices("").build());
    reflection.halfClose();

    assertThat(Objects.requireNonNull(reflection.read()).getListServicesResponse().getServiceList())
        .extracting(ServiceResponse::getName)
        .contains("tandem.user.v1.UserService")
        .doesNotContain("tandem.user.v2.UserService");
  }

  @Test
  void healthDoesNotKnowVersion2() {
    HealthCheckRequest request =
        HealthCheckRequest.newBuilder().setService("tandem.user.v2.UserService").build();

    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> HealthGrpc.newBlockingStub(channel).check(request))
        .satisfies(
            error -> assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
  }
}

package dev.tandem.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.GetUserResponse;
import dev.tandem.user.v1.UserServiceGrpc;
import dev.tandem.user.v1.WatchUserRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The matrix: old and new clients, old and new servers. */
class UserVersionsTest {

  /** Long enough for two JVMs that start on a busy machine. */
  private static final long PATIENCE_SECONDS = 120;

  private static ServiceProcess oldServer;
  private static ServiceProcess newServer;

  @BeforeAll
  static void start() throws Exception {
    oldServer =
        ServiceProcess.start("user", "old-user", Map.of("TANDEM_USER_NEWEST_VERSION", "v1"));
    newServer = ServiceProcess.start("user", "new-user", Map.of());
  }

  @AfterAll
  static void stop() throws Exception {
    oldServer.close();
    newServer.close();
  }

  @Test
  void anOldClientIsServedByAnOldServer() {
    assertThat(oldClient(oldServer).getUser(ada())).isEqualTo(adaAsPublished());
  }

  @Test
  void anOldClientIsServedByANewServerWithTheVerySameBytes() {
    GetUserResponse fromOld = oldClient(oldServer).getUser(ada());

    GetUserResponse fromNew = oldClient(newServer).getUser(ada());

    assertThat(fromNew.toByteString()).isEqualTo(fromOld.toByteString());
    assertThat(fromNew).isEqualTo(adaAsPublished());
  }

  @Test
  void anOldClientGetsTheSameRefusalsFromBoth() {
    GetUserRequest nobody = GetUserRequest.newBuilder().setUserId("nobody").build();

    assertThat(refusal(() -> oldClient(newServer).getUser(nobody)))
        .isEqualTo(refusal(() -> oldClient(oldServer).getUser(nobody)))
        .isEqualTo("NOT_FOUND: no user has the user_id \"nobody\"");
  }

  @Test
  void anOldClientWatchesBoth() {
    WatchUserRequest watch = WatchUserRequest.newBuilder().setUserId("ada").build();

    assertThat(oldClient(newServer).watchUser(watch).next().getName())
        .isEqualTo(oldClient(oldServer).watchUser(watch).next().getName())
        .isEqualTo("Ada Lovelace");
  }

  @Test
  void aNewClientGetsTheEmailFromANewServer() {
    assertThat(newClient(newServer).getUser(adaInVersion2()))
        .isEqualTo(
            dev.tandem.user.v2.GetUserResponse.newBuilder()
                .setUserId("ada")
                .setName("Ada Lovelace")
                .setAge(36)
                .setEmail("ada@example.com")
                .build());
  }

  @Test
  void aNewClientIsToldByAnOldServerThatVersion2IsNotThereAndIsServedInVersion1() {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> newClient(oldServer).getUser(adaInVersion2()))
        .satisfies(
            error -> assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));

    assertThat(oldClient(oldServer).getUser(ada())).isEqualTo(adaAsPublished());
  }

  /** Version 2 only adds: a reader of version 1 finds the rest of what version 2 says. */
  @Test
  void whatVersion2SaysIsReadAsVersion1AndPassedOnWhole() throws Exception {
    dev.tandem.user.v2.GetUserResponse said = newClient(newServer).getUser(adaInVersion2());

    GetUserResponse read = GetUserResponse.parseFrom(said.toByteString());

    assertThat(read.getName()).isEqualTo("Ada Lovelace");
    assertThat(dev.tandem.user.v2.GetUserResponse.parseFrom(read.toByteString())).isEqualTo(said);
  }

  private static UserServiceGrpc.UserServiceBlockingStub oldClient(ServiceProcess server) {
    return UserServiceGrpc.newBlockingStub(server.channel())
        .withWaitForReady()
        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static dev.tandem.user.v2.UserServiceGrpc.UserServiceBlockingStub newClient(
      ServiceProcess server) {
    return dev.tandem.user.v2.UserServiceGrpc.newBlockingStub(server.channel())
        .withWaitForReady()
        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static GetUserRequest ada() {
    return GetUserRequest.newBuilder().setUserId("ada").build();
  }

  private static dev.tandem.user.v2.GetUserRequest adaInVersion2() {
    return dev.tandem.user.v2.GetUserRequest.newBuilder().setUserId("ada").build();
  }

  private static GetUserResponse adaAsPublished() {
    return GetUserResponse.newBuilder().setUserId("ada").setName("Ada Lovelace").setAge(36).build();
  }

  private static String refusal(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException e) {
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("not refused");
  }
}

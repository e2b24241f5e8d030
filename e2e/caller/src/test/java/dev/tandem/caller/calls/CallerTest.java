package dev.tandem.caller.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tandem.caller.LoopbackService;
import dev.tandem.caller.token.Credential;
import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.GetUserResponse;
import dev.tandem.user.v1.UserServiceGrpc;
import dev.tandem.user.v1.WatchUserRequest;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CallerTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final LoopbackService.Users users = new LoopbackService.Users();
  private final LoopbackService service = LoopbackService.with(users);

  @AfterEach
  void close() {
    service.close();
    timer.shutdownNow();
  }

  @Test
  void saysWhatCameBackAndFromWhom() throws InvalidProtocolBufferException {
    CallResult result = call(getUser("u-1"), DEADLINE);

    assertThat(result.status().getCode()).isEqualTo(Status.Code.OK);
    assertThat(result.servedBy()).isEqualTo(LoopbackService.SELF);
    assertThat(GetUserResponse.parseFrom(result.replies().getFirst()).getName())
        .isEqualTo("Lin Wei");
    assertThat(result.firstMessage().orElseThrow())
        .isPositive()
        .isLessThanOrEqualTo(result.latency());
  }

  @Test
  void saysWhoRefused() {
    CallResult result = call(getUser("u-9"), DEADLINE);

    assertThat(result.status().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(result.status().getDescription()).isEqualTo("no user u-9");
    assertThat(result.servedBy()).isEqualTo(LoopbackService.SELF);
    assertThat(result.messages()).isZero();
  }

  @Test
  void namesNobodyWhenNobodyListens() throws IOException {
    int freePort;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      freePort = socket.getLocalPort();
    }

    CallResult result = call(new Target("127.0.0.1", freePort), getUser("u-1"), DEADLINE);

    assertThat(result.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(result.servedBy()).isEqualTo(ServedBy.NOBODY);
  }

  @Test
  void endsWithTheDeadline() {
    CallResult result = call(getUser("u-silent"), Duration.ofMillis(50));

    assertThat(result.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(result.latency()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
  }

  @Test
  void endsAStreamThatHasGivenEnoughMessages() {
    CallResult result = call(watchUser("u-1", new StreamLimit(2, Duration.ZERO)), DEADLINE);

    assertThat(result.status().getCode()).isEqualTo(Status.Code.OK);
    assertThat(result.messages()).isEqualTo(2);
    assertThat(result.servedBy()).isEqualTo(LoopbackService.SELF);
  }

  @Test
  void holdsAStreamOpen() {
    Duration hold = Duration.ofMillis(120);

    CallResult result = call(watchUser("u-1", new StreamLimit(0, hold)), DEADLINE);

    assertThat(result.status().getCode()).isEqualTo(Status.Code.OK);
    assertThat(result.messages()).isEqualTo(3);
    assertThat(result.latency()).isGreaterThanOrEqualTo(hold);
  }

  @Test
  void reportsAStreamThatBreaksWhileItIsHeld() {
    CallResult result = call(watchUser("u-9", new StreamLimit(0, DEADLINE)), DEADLINE);

    assertThat(result.status().getCode()).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void numbersAFieldOfTheRequest() {
    Work work =
        new Work(
            UserServiceGrpc.getGetUserMethod().getFullMethodName(),
            GetUserRequest.newBuilder().setUserId("replaced").build().toByteString(),
            Optional.of(new NumberedField(GetUserRequest.USER_ID_FIELD_NUMBER, "u-1-")),
            Optional.empty());

    call(work, DEADLINE);

    assertThat(users.asked).containsExactly("u-1-0");
  }

  @Test
  void refusesWhatCannotBeCalled() {
    assertThatThrownBy(
            () -> new Work("GetUser", getUser("u-1").request(), Optional.empty(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "work.method is 'GetUser': it has to be a full name such as tandem.user.v1.UserService/GetUser");
    assertThatThrownBy(() -> Target.parse("user"))
        .hasMessage("target is 'user': it has to be host:port, such as user:9000");
    assertThatThrownBy(() -> Target.parse("user:grpc"))
        .hasMessage("target is 'user:grpc': it has to be host:port, such as user:9000");
    assertThatThrownBy(() -> new StreamLimit(0, Duration.ZERO))
        .hasMessageContaining("messages or hold");
  }

  private CallResult call(Work work, Duration deadline) {
    return call(service.target(), work, deadline);
  }

  private CallResult call(Target target, Work work, Duration deadline) {
    try (Connections connections = Connections.to(target, 1, Credential.NONE)) {
      return new Caller(work, deadline, true, Ticker.SYSTEM, timer).call(connections.forCall(0));
    }
  }

  private static Work getUser(String userId) {
    return new Work(
        UserServiceGrpc.getGetUserMethod().getFullMethodName(),
        GetUserRequest.newBuilder().setUserId(userId).build().toByteString(),
        Optional.empty(),
        Optional.empty());
  }

  private static Work watchUser(String userId, StreamLimit limit) {
    return new Work(
        UserServiceGrpc.getWatchUserMethod().getFullMethodName(),
        WatchUserRequest.newBuilder().setUserId(userId).build().toByteString(),
        Optional.empty(),
        Optional.of(limit));
  }
}

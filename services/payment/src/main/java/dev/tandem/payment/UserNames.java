package dev.tandem.payment;

import dev.tandem.transport.ChannelTo;
import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.UserServiceGrpc;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceBlockingStub;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The user service, as far as payments need it. */
@Singleton
final class UserNames {

  private final UserServiceBlockingStub users;
  private final Duration deadline;

  @Inject
  UserNames(@ChannelTo("user") Channel users, PaymentSettings settings) {
    this.users = UserServiceGrpc.newBlockingStub(users);
    this.deadline = settings.userDeadline();
  }

  /**
   * The user's name, or nothing when there is no such user.
   *
   * @throws UserServiceException when the user service does not answer the question
   */
  Optional<String> find(String userId) {
    try {
      return Optional.of(
          users
              .withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS)
              .getUser(GetUserRequest.newBuilder().setUserId(userId).build())
              .getName());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw new UserServiceException(e);
    }
  }
}

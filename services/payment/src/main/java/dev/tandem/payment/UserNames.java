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
import java.util.Optional;

/**
 * The user service, as far as payments need it. Deadlines, retries and the circuit breaker are the
 * channel's: see platform/resilience.
 */
@Singleton
final class UserNames {

  private final UserServiceBlockingStub users;

  @Inject
  UserNames(@ChannelTo("user") Channel users) {
    this.users = UserServiceGrpc.newBlockingStub(users);
  }

  /**
   * The user's name, or nothing when there is no such user.
   *
   * @throws UserServiceException when the user service does not answer the question
   */
  Optional<String> find(String userId) {
    try {
      return Optional.of(
          users.getUser(GetUserRequest.newBuilder().setUserId(userId).build()).getName());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw new UserServiceException(e);
    }
  }
}

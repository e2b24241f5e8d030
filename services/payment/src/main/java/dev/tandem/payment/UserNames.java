package dev.tandem.payment;

import dev.tandem.transport.ChannelTo;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The user service, as far as payments need it. Deadlines, retries and the circuit breaker are the
 * channel's: see platform/resilience.
 */
@Singleton
final class UserNames {

  private final UnaryOperator<String> nameById;

  @Inject
  UserNames(@ChannelTo("user") Channel users, PaymentSettings settings) {
    this(users, settings.userVersion());
  }

  UserNames(Channel users, PaymentSettings.UserVersion version) {
    this.nameById =
        switch (version) {
          case V1 -> nameByV1(dev.tandem.user.v1.UserServiceGrpc.newBlockingStub(users));
          case V2 -> nameByV2(dev.tandem.user.v2.UserServiceGrpc.newBlockingStub(users));
        };
  }

  /**
   * The user's name, or nothing when there is no such user.
   *
   * @throws UserServiceException when the user service does not answer the question
   */
  Optional<String> find(String userId) {
    try {
      return Optional.of(nameById.apply(userId));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw new UserServiceException(e);
    }
  }

  private static UnaryOperator<String> nameByV1(
      dev.tandem.user.v1.UserServiceGrpc.UserServiceBlockingStub users) {
    return userId ->
        users
            .getUser(dev.tandem.user.v1.GetUserRequest.newBuilder().setUserId(userId).build())
            .getName();
  }

  private static UnaryOperator<String> nameByV2(
      dev.tandem.user.v2.UserServiceGrpc.UserServiceBlockingStub users) {
    return userId ->
        users
            .getUser(dev.tandem.user.v2.GetUserRequest.newBuilder().setUserId(userId).build())
            .getName();
  }
}

package dev.tandem.payment;

import dev.tandem.transport.ChannelTo;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/**
 * The user service, as far as payments need it. Deadlines, retries and the circuit breaker are the
 * channel's: see platform/resilience.
 */
@Singleton
final class UserNames {

  private static final Logger LOG = Logger.getLogger(UserNames.class);
  private static final int REHEARSALS = 10;
  private static final Duration REHEARSAL_LIMIT = Duration.ofSeconds(1);

  private final UnaryOperator<String> nameById;
  private final HealthGrpc.HealthBlockingStub health;

  @Inject
  UserNames(@ChannelTo("user") Channel users, PaymentSettings settings) {
    this(users, settings.userVersion());
  }

  UserNames(Channel users, PaymentSettings.UserVersion version) {
    this.health = HealthGrpc.newBlockingStub(users);
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

  /**
   * Opens the way to the user service, if it is there: connection, handshakes of the proxies, and
   * classes that nothing else has needed yet. Asks for its health, which needs no caller.
   */
  void rehearse() {
    try {
      for (int round = 0; round < REHEARSALS; round++) {
        health.withDeadlineAfter(REHEARSAL_LIMIT).check(HealthCheckRequest.getDefaultInstance());
      }
    } catch (StatusRuntimeException e) {
      LOG.debugf("No rehearsal with the user service: %s", e.getStatus());
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

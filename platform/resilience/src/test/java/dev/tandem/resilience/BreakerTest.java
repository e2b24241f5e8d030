package dev.tandem.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BreakerTest {

  private static final String USERS = "tandem.user.v1.UserService";

  private static final RetryPolicy NO_RETRY =
      Fast.retry(0, Duration.ofMillis(5), Optional.empty(), BudgetPolicy.STANDARD);

  /** Opens after 8 failures of 10, for as long as a test lasts. */
  private static final BreakerPolicy STAYS_OPEN =
      new BreakerPolicy(10, 0.8, Duration.ofHours(1), 2, Duration.ofMillis(500));

  private static final BreakerPolicy OPENS_BRIEFLY =
      new BreakerPolicy(10, 0.8, Duration.ofMillis(100), 2, Duration.ofMillis(500));

  private final AtomicReference<Status> answer = new AtomicReference<>(Status.OK);

  private UserServer server() throws Exception {
    return new UserServer(
        (number, request, response) -> {
          Status status = Objects.requireNonNull(answer.get());
          if (status.isOk()) {
            UserServer.answerAda(request, response);
          } else {
            response.onError(status.asRuntimeException());
          }
        });
  }

  private void fail(Client client, int times, Status status) {
    answer.set(status);
    for (int i = 0; i < times; i++) {
      client.failure();
    }
  }

  @Test
  void opensWhenTooManyOfTheLatestAttemptsFailed() throws Exception {
    try (UserServer server = server();
        Client client = Client.of(server, Fast.policies(NO_RETRY, STAYS_OPEN))) {
      client.name();
      client.name();
      fail(client, 7, Status.UNAVAILABLE);
      assertThat(client.resilience().isOpen(USERS)).isFalse();

      fail(client, 1, Status.UNAVAILABLE);

      assertThat(client.resilience().isOpen(USERS)).isTrue();
      assertThat(client.resilience().breaker(USERS)).isEqualTo(BreakerState.OPEN);
    }
  }

  @Test
  void staysClosedWhileHalfOfAllAttemptsFail() throws Exception {
    try (UserServer server = server();
        Client client = Client.of(server, Fast.policies(NO_RETRY, STAYS_OPEN))) {
      for (int i = 0; i < 50; i++) {
        fail(client, 1, Status.UNAVAILABLE);
        answer.set(Status.OK);
        client.name();
      }

      assertThat(client.resilience().breaker(USERS)).isEqualTo(BreakerState.CLOSED);
    }
  }

  @Test
  void refusesCallsAtOnceAndSaysWhenToComeBack() throws Exception {
    try (UserServer server = server();
        Client client = Client.of(server, Fast.policies(NO_RETRY, STAYS_OPEN))) {
      fail(client, 10, Status.UNAVAILABLE);

      StatusRuntimeException refusal = client.failure();

      assertThat(server.calls()).isEqualTo(10);
      assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(refusal.getStatus().getDescription())
          .startsWith(USERS + " failed too often and is left alone: its circuit breaker is open");
      assertThat(RetryAdvice.in(Objects.requireNonNull(refusal.getTrailers())))
          .isInstanceOfSatisfying(
              RetryAdvice.NotBefore.class,
              advice ->
                  assertThat(advice.delay())
                      .isBetween(Duration.ofMinutes(50), Duration.ofMinutes(60)));
    }
  }

  @Test
  void refusesRepetitionsToo() throws Exception {
    try (UserServer server = server();
        Client client = Client.of(server, Fast.policies(Fast.RETRY, STAYS_OPEN))) {
      fail(client, 3, Status.UNAVAILABLE);

      assertThat(server.calls()).isEqualTo(10);
      assertThat(client.resilience().isOpen(USERS)).isTrue();
    }
  }

  @Test
  void closesAgainWhenTrialsSucceed() throws Exception {
    List<BreakerState> states = new CopyOnWriteArrayList<>();
    try (UserServer server = server();
        Client client = Client.of(server, Fast.policies(NO_RETRY, OPENS_BRIEFLY))) {
      client
          .resilience()
          .addListener(
              new ResilienceListener() {
                @Override
                public void breakerChanged(String service, BreakerState state) {
                  states.add(state);
                }
              });
      fail(client, 10, Status.UNAVAILABLE);

      await().until(() -> client.resilience().breaker(USERS) == BreakerState.HALF_OPEN);
      answer.set(Status.OK);
      client.name();
      client.name();

      assertThat(client.resilience().breaker(USERS)).isEqualTo(BreakerState.CLOSED);
      assertThat(states)
          .containsExactly(BreakerState.OPEN, BreakerState.HALF_OPEN, BreakerState.CLOSED);
    }
  }

  @Test
  void opensAgainWhenATrialFails() throws Exception {
    try (UserServer server = server();
        Client client = Client.of(server, Fast.policies(NO_RETRY, OPENS_BRIEFLY))) {
      fail(client, 10, Status.UNAVAILABLE);
      await().until(() -> client.resilience().breaker(USERS) == BreakerState.HALF_OPEN);

      List<BreakerState> states = new CopyOnWriteArrayList<>();
      client
          .resilience()
          .addListener(
              new ResilienceListener() {
                @Override
                public void breakerChanged(String service, BreakerState state) {
                  states.add(state);
                }
              });
      client.failure();

      assertThat(states).contains(BreakerState.OPEN).doesNotContain(BreakerState.CLOSED);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"UNAVAILABLE", "UNKNOWN", "INTERNAL", "DATA_LOSS"})
  void opensOnWhatSaysThatTheServiceIsSick(Status.Code code) throws Exception {
    try (UserServer server = server();
        Client client = Client.of(server, Fast.policies(NO_RETRY, STAYS_OPEN))) {
      fail(client, 10, code.toStatus());

      assertThat(client.resilience().isOpen(USERS)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {
        "INVALID_ARGUMENT",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "UNAUTHENTICATED",
        "CANCELLED"
      })
  void staysClosedOnWhatOnlySaysThatTheCallWasWrong(Status.Code code) throws Exception {
    try (UserServer server = server();
        Client client = Client.of(server, Fast.policies(NO_RETRY, STAYS_OPEN))) {
      fail(client, 20, code.toStatus());

      assertThat(client.resilience().breaker(USERS)).isEqualTo(BreakerState.CLOSED);
    }
  }

  @Test
  void staysClosedWhenCallersAreInAHurry() throws Exception {
    try (UserServer server = new UserServer((number, request, response) -> {});
        Client client = Client.of(server, Fast.policies(NO_RETRY, STAYS_OPEN))) {
      for (int i = 0; i < 20; i++) {
        assertThat(deadlineExceeded(client, Duration.ofMillis(20))).isTrue();
      }

      assertThat(client.resilience().breaker(USERS)).isEqualTo(BreakerState.CLOSED);
    }
  }

  @Test
  void opensWhenTheServiceHangs() throws Exception {
    BreakerPolicy small = new BreakerPolicy(2, 1, Duration.ofHours(1), 2, Duration.ofMillis(100));
    try (UserServer server = new UserServer((number, request, response) -> {});
        Client client = Client.of(server, Fast.policies(NO_RETRY, small))) {
      assertThat(deadlineExceeded(client, Duration.ofMillis(200))).isTrue();
      assertThat(deadlineExceeded(client, Duration.ofMillis(200))).isTrue();

      assertThat(client.resilience().isOpen(USERS)).isTrue();
    }
  }

  @Test
  void isAMetricWhereThereIsMicrometer() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (UserServer server = server();
        Client client = Client.of(server, Fast.policies(Fast.RETRY, STAYS_OPEN))) {
      client.resilience().addListener(new ResilienceMetrics(registry));
      client.name();
      assertThat(breaker(registry, "closed")).isEqualTo(1);
      assertThat(breaker(registry, "open")).isZero();

      fail(client, 4, Status.UNAVAILABLE);

      assertThat(breaker(registry, "closed")).isZero();
      assertThat(breaker(registry, "open")).isEqualTo(1);
      assertThat(breaker(registry, "half_open")).isZero();
      assertThat(registry.get("tandem.resilience.retries").counter().count()).isPositive();
      assertThat(registry.get("tandem.resilience.refusals").counter().count()).isPositive();
    }
  }

  private static double breaker(SimpleMeterRegistry registry, String state) {
    return registry
        .get("tandem.resilience.breaker")
        .tag("service", USERS)
        .tag("state", state)
        .gauge()
        .value();
  }

  private static boolean deadlineExceeded(Client client, Duration deadline) {
    try {
      client
          .users()
          .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)
          .getUser(Client.ada());
      return false;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED;
    }
  }
}

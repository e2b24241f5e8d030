package dev.tandem.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.user.v1.GetUserRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server that fails sees of its callers, over real sockets. */
@Timeout(300)
class AmplificationTest {

  private static final int CALLERS = 20;
  private static final int CALLS_PER_CALLER = 50;
  private static final int CALLS = CALLERS * CALLS_PER_CALLER;

  /**
   * The platform's budget and number of attempts; pauses are shortened, or it would take minutes.
   */
  private static final RetryPolicy PLATFORM =
      Fast.retry(
          RetryPolicy.STANDARD.maxRetries(),
          Duration.ofMillis(1),
          Optional.empty(),
          RetryPolicy.STANDARD.budget());

  static List<Arguments> failures() {
    return List.of(
        failing("every second attempt", (number, user) -> number % 2 == 0),
        failing(
            "half of all attempts, at random", (number, user) -> (number * 0x9E3779B9) >>> 31 == 0),
        failing("every attempt of half of the users", (number, user) -> user % 2 == 0),
        failing("everything", (number, user) -> true));
  }

  private static Arguments failing(String what, BiPredicate<Integer, Integer> fails) {
    return Arguments.of(Named.of(what, fails), what);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void theServerSeesAtMostTwiceTheCallsThatAreMade(BiPredicate<Integer, Integer> fails, String what)
      throws Exception {
    int succeededWithout = run(fails, 0).succeeded;

    Figures with = run(fails, PLATFORM.maxRetries());

    assertThat(with.atTheServer)
        .as("calls at the server while %d calls are made and it fails %s", CALLS, what)
        .isGreaterThan(CALLS)
        .isLessThanOrEqualTo(2 * CALLS);
    assertThat(with.succeeded).isGreaterThanOrEqualTo(succeededWithout);
    System.out.printf(
        "The server fails %s: %d calls, %d of them arrived (%.2f times), %.1f %% succeeded instead of %.1f %%.%n",
        what,
        CALLS,
        with.atTheServer,
        (double) with.atTheServer / CALLS,
        100.0 * with.succeeded / CALLS,
        100.0 * succeededWithout / CALLS);
  }

  private record Figures(int atTheServer, int succeeded) {}

  private static Figures run(BiPredicate<Integer, Integer> fails, int maxRetries) throws Exception {
    RetryPolicy retry =
        Fast.retry(maxRetries, PLATFORM.firstDelay(), PLATFORM.attemptTimeout(), PLATFORM.budget());
    // Without a breaker: it would only make it less.
    Policies policies = Fast.policies(retry, Fast.NO_BREAKER);
    try (UserServer server =
            new UserServer(
                (number, request, response) -> {
                  if (fails.test(number, Integer.parseInt(request.getUserId()))) {
                    response.onError(Status.UNAVAILABLE.asRuntimeException());
                  } else {
                    UserServer.answerAda(request, response);
                  }
                });
        Client client = Client.of(server, policies);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Integer> caller =
          () ->
              (int)
                  IntStream.range(0, CALLS_PER_CALLER)
                      .filter(user -> succeeds(client, user))
                      .count();
      int succeeded = 0;
      for (Future<Integer> share : callers.invokeAll(Collections.nCopies(CALLERS, caller))) {
        succeeded += share.get();
      }
      return new Figures(server.calls(), succeeded);
    }
  }

  private static boolean succeeds(Client client, int user) {
    try {
      client.users().getUser(GetUserRequest.newBuilder().setUserId(Integer.toString(user)).build());
      return true;
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      return false;
    }
  }
}

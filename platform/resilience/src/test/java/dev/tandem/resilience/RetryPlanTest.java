package dev.tandem.resilience;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPlanTest {

  private static final double NO_JITTER = 0.5;
  private static final Duration PLENTY = Duration.ofHours(1);

  private static RetryPlan plan(double random) {
    return plan(RetryPolicy.STANDARD, random);
  }

  private static RetryPlan plan(RetryPolicy policy, double random) {
    return new RetryPlan(policy, new RetryBudget(policy.budget()), () -> random, true);
  }

  private static Optional<Duration> delay(RetryPlan plan, Metadata trailers) {
    return plan.delayAfter(Status.UNAVAILABLE, trailers, PLENTY);
  }

  private static List<Duration> delaysOf(RetryPlan plan) {
    List<Duration> delays = new ArrayList<>();
    for (Optional<Duration> next = delay(plan, new Metadata());
        next.isPresent();
        next = delay(plan, new Metadata())) {
      delays.add(next.get());
    }
    return delays;
  }

  private static Metadata pushback(String milliseconds) {
    Metadata trailers = new Metadata();
    trailers.put(RetryAdvice.PUSHBACK, milliseconds);
    return trailers;
  }

  private static Metadata retryInfo(Duration delay) {
    Metadata trailers = new Metadata();
    RetryAdvice.put(delay, Status.UNAVAILABLE, trailers);
    return trailers;
  }

  @Test
  void doublesThePauseAndStopsAfterThree() {
    assertThat(delaysOf(plan(NO_JITTER)))
        .containsExactly(ofMillis(100), ofMillis(200), ofMillis(400));
  }

  @Test
  void variesThePauseByAFifth() {
    assertThat(delaysOf(plan(0))).startsWith(ofMillis(80));
    assertThat(delaysOf(plan(1))).startsWith(ofMillis(120));
  }

  @Test
  void neverPausesLongerThanTheMaximum() {
    RetryPolicy policy =
        new RetryPolicy(
            10, ofMillis(100), ofMillis(300), 0, Optional.empty(), 0, new BudgetPolicy(1, 1000));

    assertThat(delaysOf(plan(policy, NO_JITTER)))
        .hasSize(10)
        .startsWith(ofMillis(100), ofMillis(200), ofMillis(300))
        .allMatch(delay -> delay.compareTo(ofMillis(300)) <= 0);
  }

  @Test
  void givesUpWhenTheNextDelayOutlastsTheDeadline() {
    RetryPlan plan = plan(NO_JITTER);

    assertThat(plan.delayAfter(Status.UNAVAILABLE, new Metadata(), ofMillis(101)))
        .contains(ofMillis(100));
    assertThat(plan.delayAfter(Status.UNAVAILABLE, new Metadata(), ofMillis(200))).isEmpty();
  }

  @Test
  void givesUpWhenTheBudgetIsSpent() {
    RetryPolicy policy = Fast.retry(3, ofMillis(100), Optional.empty(), new BudgetPolicy(0.5, 2));

    assertThat(delaysOf(plan(policy, NO_JITTER))).hasSize(2);
  }

  @Test
  void doesNotPayForARepetitionThatIsNotMade() {
    RetryPolicy policy = RetryPolicy.STANDARD;
    RetryBudget budget = new RetryBudget(new BudgetPolicy(0, 1));

    new RetryPlan(policy, budget, () -> NO_JITTER, true)
        .delayAfter(Status.UNAVAILABLE, new Metadata(), Duration.ZERO);

    assertThat(budget.spend()).isTrue();
  }

  @Test
  void waitsAtLeastAsLongAsRetryInfoSays() {
    RetryPlan plan = plan(NO_JITTER);

    assertThat(delay(plan, retryInfo(ofSeconds(2)))).contains(ofSeconds(2));
    assertThat(delay(plan, retryInfo(ofMillis(1)))).contains(ofMillis(200));
  }

  @Test
  void waitsExactlyAsLongAsAPushbackSaysAndStartsAnewAfterIt() {
    RetryPlan plan = plan(NO_JITTER);

    assertThat(delay(plan, new Metadata())).contains(ofMillis(100));
    assertThat(delay(plan, pushback("7"))).contains(ofMillis(7));
    assertThat(delay(plan, new Metadata())).contains(ofMillis(100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "soon", "", "99999999999999999999"})
  void doesNotRepeatWhenAPushbackForbidsIt(String milliseconds) {
    assertThat(delay(plan(NO_JITTER), pushback(milliseconds))).isEmpty();
  }

  @Test
  void takesNoAdviceFromDetailsThatNobodyCanRead() {
    Metadata trailers = new Metadata();
    trailers.put(RetryAdvice.DETAILS, new byte[] {-1, -1, -1});

    assertThat(delay(plan(NO_JITTER), trailers)).contains(ofMillis(100));
  }

  @Test
  void boundsAdviceThatNoClockCanHold() {
    RetryInfo info =
        RetryInfo.newBuilder()
            .setRetryDelay(
                com.google.protobuf.Duration.newBuilder()
                    .setSeconds(Long.MAX_VALUE)
                    .setNanos(Integer.MAX_VALUE))
            .build();
    Metadata trailers = new Metadata();
    trailers.put(
        RetryAdvice.DETAILS,
        com.google.rpc.Status.newBuilder().addDetails(Any.pack(info)).build().toByteArray());

    assertThat(RetryAdvice.in(trailers)).isEqualTo(new RetryAdvice.NotBefore(RetryAdvice.LONGEST));
  }

  @Test
  void asksForMoreTimeThanThePastOnlyWhenTheServerDoes() {
    assertThat(RetryAdvice.in(retryInfo(ofSeconds(-5))))
        .isEqualTo(new RetryAdvice.NotBefore(Duration.ZERO));
  }

  @Test
  void repeatsAnExhaustedQuotaOnlyWhenTheServerSaysWhen() {
    RetryPlan plan = plan(NO_JITTER);

    assertThat(plan.delayAfter(Status.RESOURCE_EXHAUSTED, new Metadata(), PLENTY)).isEmpty();
    assertThat(plan.delayAfter(Status.RESOURCE_EXHAUSTED, retryInfo(ofSeconds(1)), PLENTY))
        .contains(ofSeconds(1));
  }
}

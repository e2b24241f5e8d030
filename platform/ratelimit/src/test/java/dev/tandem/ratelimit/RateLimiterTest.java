package dev.tandem.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.ratelimit.CountedCaller.Network;
import dev.tandem.ratelimit.CountedCaller.Verified;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

  private static final String CHARGE = "tandem.payment.v1.PaymentService/Charge";
  private static final String GET = "tandem.payment.v1.PaymentService/GetPayment";
  private static final Verified ADA = new Verified("ada");
  private static final Verified LOAD = new Verified("load");

  private final ManualTime time = new ManualTime();
  private final RateLimiter limiter =
      new RateLimiter(
          new RateLimitPolicy(
              Limit.of("100/s"),
              Map.of("load", Limit.of("5000/s")),
              Map.of(CHARGE, Limit.of("10/s"), "load " + CHARGE, Limit.of("1000/s")),
              Set.of(),
              List.of(),
              List.of(),
              Set.of(),
              100),
          time,
          RateLimitMeter.NONE);

  @Test
  void countsEachCallerAlone() {
    assertThat(admittedOf(1000, ADA, GET)).isEqualTo(100);
    assertThat(admittedOf(1000, new Verified("grace"), GET)).isEqualTo(100);
    assertThat(admittedOf(1000, new Network("ada"), GET)).isEqualTo(100);
  }

  @Test
  void countsAllMethodsOfACallerTogether() {
    assertThat(admittedOf(60, ADA, GET)).isEqualTo(60);
    assertThat(admittedOf(60, ADA, "tandem.user.v1.UserService/GetUser")).isEqualTo(40);
  }

  @Test
  void limitsAMethodFurtherForEachCaller() {
    assertThat(admittedOf(1000, ADA, CHARGE)).isEqualTo(10);
    assertThat(admittedOf(1000, new Verified("grace"), CHARGE)).isEqualTo(10);
    assertThat(admittedOf(1000, ADA, GET)).as("what is left").isEqualTo(90);
  }

  @Test
  void givesTheMethodsTokenBackWhenTheCallerHasNone() {
    assertThat(admittedOf(1000, ADA, GET)).isEqualTo(100);
    assertThat(admittedOf(1000, ADA, CHARGE)).isZero();
    time.pass(java.time.Duration.ofMillis(50));

    assertThat(admittedOf(1000, ADA, CHARGE)).as("the method's are all there").isEqualTo(5);
  }

  @Test
  void letsANamedCallerDoMore() {
    assertThat(admittedOf(10_000, LOAD, GET)).isEqualTo(5000);
  }

  @Test
  void letsANamedCallerDoMoreOfOneMethod() {
    assertThat(admittedOf(10_000, LOAD, CHARGE)).isEqualTo(1000);
  }

  @Test
  void keepsRoomForNamedCallersAndApartForAddresses() {
    for (int i = 0; i < 10_000; i++) {
      limiter.admit(new Network("10.0.0." + i), GET);
    }
    assertThat(admittedOf(1000, ADA, GET)).isEqualTo(100);
    for (int i = 0; i < 10_000; i++) {
      limiter.admit(new Verified("customer" + i), GET);
    }

    assertThat(admittedOf(10_000, LOAD, GET)).isEqualTo(5000);
    assertThat(limiter.size()).isEqualTo(100 + 100 + 1);
  }

  private int admittedOf(int calls, CountedCaller caller, String method) {
    int admitted = 0;
    for (int i = 0; i < calls; i++) {
      if (limiter.admit(caller, method) instanceof Decision.Admitted) {
        admitted++;
      }
    }
    return admitted;
  }
}

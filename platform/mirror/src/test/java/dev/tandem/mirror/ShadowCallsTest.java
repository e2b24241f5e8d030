package dev.tandem.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That the mark reaches a service is tested where it matters, in services/payment. */
class ShadowCallsTest {

  @ParameterizedTest
  @CsvSource({
    "payment-shadow:9000, true",
    "payment-shadow, true",
    "payment.tandem.svc.cluster.local-shadow:9000, true",
    "payment:9000, false",
    "payment-shadow.tandem:9000, false",
    "payment-shadows, false",
    ", false",
  })
  void areKnownByTheirHost(String authority, boolean expected) {
    assertThat(ShadowCalls.isShadow(authority)).isEqualTo(expected);
  }
}

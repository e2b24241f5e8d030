package dev.tandem.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StoredPaymentsTest {
  @Test
  void everyAcknowledgedPaymentThatIsThereOnceIsInOrder() {
    assertThat(StoredPayments.compared(List.of("a", "b"), Set.of("a", "b")))
        .isEqualTo(new StoredPayments(2, 0, 0, 0));
  }

  @Test
  void aPaymentThatIsThereTwiceIsDuplicated() {
    assertThat(StoredPayments.compared(List.of("a", "a", "a"), Set.of("a")).duplicated())
        .isEqualTo(2);
  }

  @Test
  void anAcknowledgedPaymentThatIsNotThereIsLost() {
    assertThat(StoredPayments.compared(List.of("a"), Set.of("a", "b")).lost()).isEqualTo(1);
  }

  @Test
  void aPaymentWhoseCallFailedMayBeThereAllTheSame() {
    assertThat(StoredPayments.compared(List.of("a", "b"), Set.of("a")))
        .isEqualTo(new StoredPayments(2, 0, 0, 1));
  }
}

package dev.tandem.payment;

import dev.tandem.mirror.ShadowCalls;
import dev.tandem.payment.ChargeOutcome.Charged;
import dev.tandem.payment.ChargeOutcome.KeyUsedForAnotherCharge;
import dev.tandem.payment.ChargeOutcome.UnknownUser;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Charges a user once for each key. The key is looked up first, so that a repeated call is answered
 * although the user service is gone or the user has left; what decides between calls that race is
 * the ledger's unique key. A copy of a live call is answered like it, and nothing is stored.
 */
@Singleton
final class Charging {

  private final PaymentLedger ledger;
  private final UserNames users;

  @Inject
  Charging(PaymentLedger ledger, UserNames users) {
    this.ledger = ledger;
    this.users = users;
  }

  ChargeOutcome charge(Charge charge) {
    Optional<StoredPayment> earlier = ledger.findByKey(charge.idempotencyKey());
    if (earlier.isPresent()) {
      return answerAgain(charge, earlier.get());
    }
    Optional<UserName> userName = nameOf(charge.userId());
    if (userName.isEmpty()) {
      return new UnknownUser(charge.userId());
    }
    if (ShadowCalls.isCurrent()) {
      return new Charged(StoredPayment.imagined(charge, userName.get()), false);
    }
    Optional<StoredPayment> made = ledger.insert(charge, userName.get());
    if (made.isPresent()) {
      return new Charged(made.get(), false);
    }
    return ledger
        .findByKey(charge.idempotencyKey())
        .map(winner -> answerAgain(charge, winner))
        .orElseThrow(
            () -> new IllegalStateException("a payment vanished, although none is ever deleted"));
  }

  /**
   * While the user service cannot be reached, a user who was charged not long ago is charged as
   * what he was called then, and the payment says so. Whom nobody knows is not charged.
   */
  private Optional<UserName> nameOf(String userId) {
    try {
      return users.find(userId).map(UserName::now);
    } catch (UserServiceException e) {
      if (!e.meansUnreachable()) {
        throw e;
      }
      return Optional.of(ledger.latestName(userId).orElseThrow(() -> e));
    }
  }

  private static ChargeOutcome answerAgain(Charge charge, StoredPayment earlier) {
    return earlier.charge().equals(charge)
        ? new Charged(earlier, true)
        : new KeyUsedForAnotherCharge(charge.idempotencyKey());
  }
}

package dev.tandem.payment;

/** What came of a charge. */
sealed interface ChargeOutcome {

  /** The payment that the key stands for; {@code replayed} when an earlier call had made it. */
  record Charged(StoredPayment payment, boolean replayed) implements ChargeOutcome {}

  /** The key stands for a payment of another user, amount or currency. */
  record KeyUsedForAnotherCharge(String idempotencyKey) implements ChargeOutcome {}

  record UnknownUser(String userId) implements ChargeOutcome {}
}

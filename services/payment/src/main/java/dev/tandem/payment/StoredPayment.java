package dev.tandem.payment;

import com.google.protobuf.Timestamp;
import dev.tandem.payment.v1.Payment;
import java.time.Instant;
import java.util.UUID;

/** A payment as the ledger has it. */
record StoredPayment(UUID paymentId, Charge charge, String userName, Instant createTime) {

  /** What the ledger would have made of the charge, had it been asked. */
  static StoredPayment imagined(Charge charge, String userName) {
    return new StoredPayment(UUID.randomUUID(), charge, userName, Instant.now());
  }

  Payment toMessage() {
    return charge.furtherFields().addedTo(knownFields());
  }

  private Payment.Builder knownFields() {
    return Payment.newBuilder()
        .setPaymentId(paymentId.toString())
        .setIdempotencyKey(charge.idempotencyKey())
        .setUserId(charge.userId())
        .setUserName(userName)
        .setAmountMinor(charge.amountMinor())
        .setCurrencyCode(charge.currencyCode())
        .setCreateTime(
            Timestamp.newBuilder()
                .setSeconds(createTime.getEpochSecond())
                .setNanos(createTime.getNano()));
  }
}

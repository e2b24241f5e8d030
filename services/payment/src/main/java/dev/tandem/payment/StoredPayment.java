package dev.tandem.payment;

import com.google.protobuf.Timestamp;
import dev.tandem.payment.v1.Payment;
import java.time.Instant;
import java.util.UUID;

/** A payment as the ledger has it. */
record StoredPayment(UUID paymentId, Charge charge, UserName userName, Instant createTime) {

  /** What the ledger would have made of the charge, had it been asked. */
  static StoredPayment imagined(Charge charge, UserName userName) {
    return new StoredPayment(UUID.randomUUID(), charge, userName, Instant.now());
  }

  Payment toMessage() {
    return charge.furtherFields().addedTo(knownFields());
  }

  private Payment.Builder knownFields() {
    Payment.Builder payment =
        Payment.newBuilder()
            .setPaymentId(paymentId.toString())
            .setIdempotencyKey(charge.idempotencyKey())
            .setUserId(charge.userId())
            .setUserName(userName.name())
            .setAmountMinor(charge.amountMinor())
            .setCurrencyCode(charge.currencyCode())
            .setCreateTime(timestamp(createTime));
    userName.asOf().ifPresent(asOf -> payment.setUserNameAsOf(timestamp(asOf)));
    return payment;
  }

  private static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }
}

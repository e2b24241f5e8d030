package dev.tandem.payment;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tandem.payment.v1.ChargeRequest;
import dev.tandem.payment.v1.Payment;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of a {@code ChargeRequest}. A charge that is accepted can be stored, equals the charge
 * of the same request sent again, and its payment can be answered.
 */
final class ChargeFuzz {

  private ChargeFuzz() {}

  /** Jazzer's entry point. */
  public static void fuzzerTestOneInput(byte[] input) throws InvalidProtocolBufferException {
    ChargeRequest request;
    try {
      request = ChargeRequest.parseFrom(input);
    } catch (InvalidProtocolBufferException e) {
      return; // gRPC answers it.
    }
    switch (Charge.check(request)) {
      case Charge.Check.Invalid invalid -> PaymentStatus.of(invalid);
      case Charge.Check.Valid(Charge charge) -> {
        ChargeRequest again = ChargeRequest.parseFrom(request.toByteArray());
        if (!Charge.check(again).equals(new Charge.Check.Valid(charge))) {
          throw new AssertionError("the same request sent again is another charge");
        }
        require(charge.idempotencyKey());
        require(charge.userId());
        Payment payment = charge.furtherFields().addedTo(Payment.newBuilder());
        Payment read = Payment.parseFrom(payment.toByteArray());
        if (!read.equals(payment)) {
          throw new AssertionError("what is answered is read as something else");
        }
      }
    }
  }

  private static void require(String text) {
    if (text.isEmpty()
        || text.indexOf('\0') >= 0
        || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new AssertionError("PostgreSQL does not take this text");
    }
  }
}

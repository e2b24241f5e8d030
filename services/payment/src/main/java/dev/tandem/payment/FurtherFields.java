package dev.tandem.payment;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.tandem.payment.v1.ChargeRequest;
import dev.tandem.payment.v1.Payment;

/**
 * The fields of a charge beyond those that every version of the contract has. ChargeRequest and
 * Payment number them alike, from {@value #FIRST} up, so that a server that is older than its
 * caller can keep them with the payment and give them back, without knowing what they mean.
 *
 * @param bytes protobuf's wire format, in the order of the numbers: equal fields are equal bytes
 */
record FurtherFields(ByteString bytes) {

  static final FurtherFields NONE = new FurtherFields(ByteString.EMPTY);
  static final int MAX_BYTES = 4096;
  private static final int FIRST = 16;

  /** Those of a request, whether this version of the contract knows them or not. */
  static FurtherFields of(ChargeRequest request) {
    try {
      UnknownFieldSet.Builder kept = UnknownFieldSet.newBuilder();
      UnknownFieldSet.parseFrom(request.toByteString()).asMap().entrySet().stream()
          .filter(field -> field.getKey() >= FIRST)
          .forEach(field -> kept.addField(field.getKey(), field.getValue()));
      return new FurtherFields(kept.build().toByteString());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("protobuf cannot read what it wrote", e);
    }
  }

  /** The payment with these fields, which it knows or keeps as unknown ones. */
  Payment addedTo(Payment.Builder payment) {
    try {
      return payment.mergeFrom(bytes).build();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the ledger holds further fields that are none", e);
    }
  }
}

package dev.tandem.payment;

import static dev.tandem.payment.PaymentCaller.aCharge;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.tandem.payment.v1.ChargeRequest;
import dev.tandem.payment.v1.ChargeResponse;
import dev.tandem.payment.v1.Payment;
import io.grpc.Status;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A caller whose contract is newer than the server's, and has fields that it does not know. */
@QuarkusTest
@WithTestResource(Surroundings.class)
class FurtherFieldsTest {

  /** As a later version of the contract would have them, in ChargeRequest and in Payment. */
  private static final int REFERENCE = 16;

  private static final int PRIORITY = 17;

  private PaymentCaller caller;

  @BeforeEach
  void connect() {
    PaymentCaller.awaitReadiness();
    caller = new PaymentCaller();
  }

  @AfterEach
  void disconnect() {
    caller.close();
  }

  @Test
  void comeBackWithThePaymentAndWheneverItIsRead() {
    UnknownFieldSet further =
        UnknownFieldSet.newBuilder()
            .addField(REFERENCE, text("order 7"))
            .addField(PRIORITY, number(3))
            .build();

    Payment charged = caller.charge(charge(further)).getPayment();

    assertThat(charged.getUnknownFields()).isEqualTo(further);
    assertThat(charged.getUserName()).isEqualTo("Ada Lovelace");
    assertThat(caller.payment(charged.getPaymentId())).isEqualTo(charged);
  }

  @Test
  void comeBackWithAReplay() {
    ChargeRequest request = charge(of(REFERENCE, text("order 8")));
    Payment first = caller.charge(request).getPayment();

    ChargeResponse again = caller.charge(request);

    assertThat(again.getReplayed()).isTrue();
    assertThat(again.getPayment()).isEqualTo(first);
  }

  @Test
  void arePartOfTheRequestThatTheKeyStandsFor() {
    ChargeRequest first = charge(of(REFERENCE, text("order 9")));
    caller.charge(first);

    Status refusal =
        caller.refusalOf(
            first.toBuilder().setUnknownFields(of(REFERENCE, text("order 10"))).build());

    assertThat(refusal.getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
  }

  @Test
  void areTheSameInAnyOrderOnTheWire() throws Exception {
    ChargeRequest.Builder known = aCharge();
    ByteString reference = of(REFERENCE, text("order 11")).toByteString();
    ByteString priority = of(PRIORITY, number(1)).toByteString();
    caller.charge(known.clone().mergeFrom(reference.concat(priority)).build());

    ChargeResponse again =
        caller.charge(known.clone().mergeFrom(priority.concat(reference)).build());

    assertThat(again.getReplayed()).isTrue();
  }

  @Test
  void belowSixteenAreNotKeptBecauseAPaymentNumbersThoseDifferently() {
    Payment charged = caller.charge(charge(of(7, text("not a time")))).getPayment();

    assertThat(charged.getUnknownFields()).isEqualTo(UnknownFieldSet.getDefaultInstance());
    assertThat(charged.getCreateTime().getSeconds()).isPositive();
  }

  @Test
  void mayNotFillTheDatabase() {
    assertThat(caller.charge(charge(of(REFERENCE, text("r".repeat(4092))))).hasPayment()).isTrue();

    Status refusal = caller.refusalOf(charge(of(REFERENCE, text("r".repeat(4093)))));

    assertThat(refusal.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal.getDescription())
        .isEqualTo("fields that this server does not know are longer than 4096 bytes");
  }

  private static ChargeRequest charge(UnknownFieldSet further) {
    return aCharge().setUnknownFields(further).build();
  }

  private static UnknownFieldSet of(int number, Field field) {
    return UnknownFieldSet.newBuilder().addField(number, field).build();
  }

  private static Field text(String text) {
    return Field.newBuilder().addLengthDelimited(ByteString.copyFromUtf8(text)).build();
  }

  private static Field number(long number) {
    return Field.newBuilder().addVarint(number).build();
  }
}

package dev.tandem.payment;

import static dev.tandem.payment.PaymentCaller.aCharge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.payment.v1.ChargeRequest;
import dev.tandem.payment.v1.PaymentServiceGrpc.PaymentServiceBlockingStub;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service as it runs in a cluster: nobody is served without a token. */
@QuarkusTest
@WithTestResource(Surroundings.class)
@WithTestResource(SignedTokens.class)
class AuthenticationTest {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

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
  void asksTheUserServiceInTheNameOfItsCaller() throws Exception {
    Metadata token = SignedTokens.token("caller");
    Surroundings.users().forgetAuthorizations();

    assertThat(payments(token).charge(aCharge().build()).hasPayment()).isTrue();

    assertThat(Surroundings.users().nextAuthorization()).isEqualTo(token.get(AUTHORIZATION));
  }

  @Test
  void refusesOthersBeforeAnythingIsStored() throws Exception {
    for (Metadata headers : new Metadata[] {new Metadata(), SignedTokens.forgedToken("caller")}) {
      ChargeRequest request = aCharge().build();

      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> payments(headers).charge(request))
          .satisfies(
              error ->
                  assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
      assertThat(StoredRows.underKey(request.getIdempotencyKey())).isZero();
    }
  }

  private PaymentServiceBlockingStub payments(Metadata headers) {
    return caller.payments().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }
}

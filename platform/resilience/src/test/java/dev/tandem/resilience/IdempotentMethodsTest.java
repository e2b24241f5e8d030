package dev.tandem.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.payment.v1.PaymentServiceGrpc;
import dev.tandem.user.v1.UserServiceGrpc;
import org.junit.jupiter.api.Test;

class IdempotentMethodsTest {

  @Test
  void areThoseThatTheContractCallsSo() {
    assertThat(IdempotentMethods.contain(UserServiceGrpc.getGetUserMethod())).isTrue();
    assertThat(IdempotentMethods.contain(PaymentServiceGrpc.getChargeMethod())).isTrue();
  }

  @Test
  void areNotThoseOfWhichTheContractSaysNothing() {
    var undeclared =
        UserServiceGrpc.getGetUserMethod().toBuilder()
            .setSchemaDescriptor(null)
            .setSafe(false)
            .setIdempotent(false)
            .build();

    assertThat(IdempotentMethods.contain(undeclared)).isFalse();
    assertThat(IdempotentMethods.contain(undeclared.toBuilder().setIdempotent(true).build()))
        .isTrue();
    assertThat(IdempotentMethods.contain(undeclared.toBuilder().setSafe(true).build())).isTrue();
  }

  @Test
  void areNotThoseThatTheContractLeavesOpen() {
    assertThat(
            IdempotentMethods.contain(
                io.grpc.reflection.v1.ServerReflectionGrpc.getServerReflectionInfoMethod()))
        .isFalse();
  }
}

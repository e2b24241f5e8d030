package dev.tandem.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RpcTest {

  @ParameterizedTest
  @CsvSource({
    "tandem.user.v1.UserService, v1",
    "tandem.user.v12.UserService, v12",
    "tandem.user.v1beta1.UserService, v1beta1",
    "grpc.reflection.v1alpha.ServerReflection, v1alpha",
    "tandem.user.UserService, none",
    "tandem.v1.user.UserService, none",
    "UserService, none",
    "v1, none",
    "'', none",
  })
  void findsTheVersionInThePackage(String service, String version) {
    assertThat(Rpc.apiVersion(service)).isEqualTo(version);
  }
}

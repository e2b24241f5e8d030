package dev.tandem.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each attack on a real server, then a good call to the same server. */
@SuppressWarnings("NullAway.Init") // Set before all tests.
class AttacksTest {

  private static final TestIssuer ISSUER = new TestIssuer("issuer");

  private static GuardedServer server;

  @BeforeAll
  static void serve() {
    server = GuardedServer.of(ISSUER);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static List<Named<Metadata>> attacks() {
    return Attacks.on(ISSUER).entrySet().stream()
        .map(attack -> Named.of(attack.getKey(), attack.getValue()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void isRefusedLikeEveryOtherAndTakesNothingDown(Metadata attack) {
    server.callers.clear();

    Status unary = server.call(attack);
    Status stream = server.watch(attack);

    assertRefused(unary);
    assertRefused(stream);
    assertThat(server.callers).as("calls that passed").isEmpty();
    assertThat(server.call(ISSUER.token()).getCode()).isEqualTo(Status.Code.OK);
    assertThat(server.callers).containsExactly(TestIssuer.SUBJECT);
  }

  private static void assertRefused(Status status) {
    assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(status.getDescription()).isEqualTo("a valid bearer token is needed");
  }

  @Test
  void aTokenOfEachKindIsAccepted() {
    assertThat(server.call(ISSUER.ec(header -> header, TestIssuer.claims())).isOk()).isTrue();
    assertThat(server.call(ISSUER.rsa(header -> header, TestIssuer.claims())).isOk()).isTrue();
    assertThat(server.call(ISSUER.ed25519(TestIssuer.claims())).isOk()).isTrue();
  }
}

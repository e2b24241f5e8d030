package dev.tandem.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.auth.SigningKeys.Pace;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that have to wait for keys where no thread may block. */
class PendingCallTest {

  private static final TestIssuer ISSUER = new TestIssuer("issuer");
  private static final Duration REFETCH = Duration.ofSeconds(5);

  private final MovingClock clock = new MovingClock();
  private final KeyServer issuer = new KeyServer(KeyServer.giving(ISSUER.jwks()));
  private final ExecutorService loop = Executors.newSingleThreadExecutor();

  @AfterEach
  void close() {
    issuer.close();
    loop.shutdownNow();
  }

  @Test
  void goOnWhenTheKeysAreThere() {
    try (GuardedServer server = server()) {
      clock.pass(REFETCH);

      assertThat(server.call(ISSUER.token())).isEqualTo(Status.OK);
      assertThat(server.watch(GuardedServer.bearer(ISSUER.token()))).isEqualTo(Status.OK);
      assertThat(server.callers).containsExactly("ada", "ada");
    }
  }

  @Test
  void areRefusedWhenTheKeysDoNotCome() {
    issuer.become(KeyServer.giving("{}".getBytes(UTF_8)));
    try (GuardedServer server = server()) {
      clock.pass(REFETCH);

      assertThat(server.call(ISSUER.token()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(server.call(new Metadata()).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }
  }

  @Test
  void areRefusedWhenTheirKeyIsNotAmongThem() {
    try (GuardedServer server = server()) {
      clock.pass(REFETCH);

      assertThat(server.call(new TestIssuer("stranger").token()).getCode())
          .isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(server.call(ISSUER.token())).isEqualTo(Status.OK);
    }
  }

  private GuardedServer server() {
    SigningKeys keys =
        new SigningKeys(
            KeySource.at(issuer.url(), Duration.ofSeconds(20), 1 << 16, Optional.empty()),
            new Pace(Duration.ofMinutes(1), REFETCH, Duration.ofSeconds(20), 10),
            clock);
    return new GuardedServer(
        new AuthenticationInterceptor(
            new Authenticator(TestIssuer.rules(), keys, Clock.systemUTC()),
            GuardedServer.NOTHING_EXEMPT,
            () -> Optional.of(loop)),
        loop);
  }
}

package dev.tandem.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.tandem.auth.KeyServer.Mood;
import dev.tandem.auth.SigningKeys.Pace;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SigningKeysTest {

  private static final TestIssuer OLD = new TestIssuer("old");
  private static final TestIssuer NEW = new TestIssuer("new");
  private static final Duration REFRESH = Duration.ofMinutes(1);
  private static final Duration REFETCH = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** For issuers that never end. A good read may take longer, and is tried until it does not. */
  private static final Duration SHORT_TIMEOUT = Duration.ofMillis(500);

  private static final int MAX_BYTES = 1 << 16;

  private final MovingClock clock = new MovingClock();
  private final KeyServer issuer = new KeyServer(KeyServer.giving(OLD.jwks()));

  @AfterEach
  void close() {
    issuer.close();
  }

  @Test
  void aTokenOfANewKeyPassesAtOnceAndTheOldKeyEndsWithItsWithdrawal() {
    try (GuardedServer server = guard(keys())) {
      assertThat(server.call(OLD.token())).isEqualTo(Status.OK);
      clock.pass(REFETCH);
      issuer.become(KeyServer.giving(TestIssuer.jwks(OLD, NEW)));

      assertThat(server.call(NEW.token())).isEqualTo(Status.OK);
      assertThat(server.call(OLD.token())).isEqualTo(Status.OK);

      issuer.become(KeyServer.giving(NEW.jwks()));
      clock.pass(REFRESH);
      // The first call after the refresh is due starts it, and does not wait for it.
      await().until(() -> server.call(OLD.token()).getCode() == Status.Code.UNAUTHENTICATED);
      assertThat(server.call(NEW.token())).isEqualTo(Status.OK);
    }
  }

  @Test
  void forgedKeyIdsCauseOneReadInEachInterval() {
    TestIssuer stranger = new TestIssuer("stranger");
    try (GuardedServer server = guard(keys())) {
      assertThat(server.call(OLD.token())).isEqualTo(Status.OK);
      int before = issuer.reads.get();
      for (int interval = 1; interval <= 3; interval++) {
        clock.pass(REFETCH);
        for (int i = 0; i < 20; i++) {
          assertThat(server.call(stranger.token()).getCode())
              .isEqualTo(Status.Code.UNAUTHENTICATED);
        }
        assertThat(issuer.reads.get() - before).isEqualTo(interval);
      }
    }
  }

  @Test
  void keysThatWereWithdrawnWhileNobodyCalledDoNotServeTheNextCall() {
    try (GuardedServer server = guard(keys())) {
      assertThat(server.call(OLD.token())).isEqualTo(Status.OK);
      issuer.become(KeyServer.giving(NEW.jwks()));
      clock.pass(REFRESH.multipliedBy(2));

      assertThat(server.call(OLD.token()).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }
  }

  @Test
  void theLastGoodKeysStayOnEveryKindOfBadDay() throws Exception {
    String noKeyForUs =
        "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"c2VjcmV0\"},{\"kty\":\"new\",\"kid\":\"b\"}]}";
    String privateKey = "{\"keys\":[" + OLD.ec.toJSONString() + "]}";
    String twice = "{\"keys\":[%s,%s]}".formatted(OLD.ec.toPublicJWK(), OLD.ec.toPublicJWK());
    List<Named<Mood>> days =
        List.of(
            Named.of("answers 500", KeyServer.status(500, "oops".getBytes(UTF_8))),
            Named.of("answers 404", KeyServer.status(404, OLD.jwks())),
            Named.of("redirects", KeyServer.redirecting("http://127.0.0.1:1/")),
            Named.of("gives nothing", KeyServer.giving(new byte[0])),
            Named.of("gives a page", KeyServer.giving("<html>Please log in".getBytes(UTF_8))),
            Named.of(
                "gives half",
                KeyServer.giving(new String(OLD.jwks(), UTF_8).substring(0, 90).getBytes(UTF_8))),
            Named.of("gives no keys", KeyServer.giving("{\"keys\":[]}".getBytes(UTF_8))),
            Named.of("gives no key for us", KeyServer.giving(noKeyForUs.getBytes(UTF_8))),
            Named.of("gives a private key", KeyServer.giving(privateKey.getBytes(UTF_8))),
            Named.of("gives one kid twice", KeyServer.giving(twice.getBytes(UTF_8))),
            Named.of(
                "gives lists in lists",
                KeyServer.giving(("{\"keys\":" + "[".repeat(20_000)).getBytes(UTF_8))),
            Named.of("gives more than fits", KeyServer.giving(new byte[MAX_BYTES + 1])),
            Named.of("never ends", KeyServer.endless()),
            Named.of("never begins", issuer.silent()),
            Named.of("gets stuck", issuer.stuck(OLD.jwks())),
            Named.of("hangs up", exchange -> {}));
    SigningKeys keys = keys(SHORT_TIMEOUT);
    try (GuardedServer server = guard(keys)) {
      assertThat(server.call(OLD.token())).isEqualTo(Status.OK);
      for (Named<Mood> day : days) {
        issuer.become(day.getPayload());
        clock.pass(REFRESH);
        int reads = issuer.reads.get();

        assertThat(server.call(OLD.token())).as(day.getName()).isEqualTo(Status.OK);
        await().until(() -> issuer.reads.get() > reads);
        awaitTheRead(keys);
        assertThat(server.call(OLD.token())).as("after " + day.getName()).isEqualTo(Status.OK);
        assertThat(server.call(NEW.token()).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      }
      issuer.become(KeyServer.giving(NEW.jwks()));
      await("a good day again")
          .until(
              () -> {
                clock.pass(REFETCH);
                return server.call(NEW.token()).isOk();
              });
    }
  }

  @Test
  void theLastGoodKeysStayWhileNobodyListens() {
    SigningKeys keys = keys();
    try (GuardedServer server = guard(keys)) {
      assertThat(server.call(OLD.token())).isEqualTo(Status.OK);
      issuer.close();
      for (int i = 0; i < 5; i++) {
        clock.pass(REFRESH);
        assertThat(server.call(OLD.token())).isEqualTo(Status.OK);
        awaitTheRead(keys);
      }
    }
  }

  @Test
  void withoutAnyKeysYetCallsAreUnavailableUntilThereAreSome() {
    issuer.become(KeyServer.status(503, new byte[0]));
    SigningKeys keys =
        keys(KeySource.at(issuer.url(), TIMEOUT, MAX_BYTES, Optional.empty()), TIMEOUT);
    try (GuardedServer server = guard(keys)) {
      clock.pass(REFETCH);
      Status before = server.call(OLD.token());
      issuer.become(KeyServer.giving(OLD.jwks()));
      clock.pass(REFETCH);

      assertThat(before.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(before.getDescription()).isEqualTo("callers cannot be authenticated at present");
      assertThat(server.call(OLD.token())).isEqualTo(Status.OK);
    }
  }

  @Test
  void aFileIsReadAgain(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("jwks.json"), OLD.jwks());
    SigningKeys keys =
        keys(KeySource.at(file.toString(), TIMEOUT, MAX_BYTES, Optional.empty()), TIMEOUT);
    try (GuardedServer server = guard(keys)) {
      clock.pass(REFETCH);
      assertThat(server.call(OLD.token())).isEqualTo(Status.OK);
      Files.write(file, TestIssuer.jwks(OLD, NEW));
      clock.pass(REFETCH);

      assertThat(server.call(NEW.token())).isEqualTo(Status.OK);

      Files.delete(file);
      clock.pass(REFRESH);
      assertThat(server.call(NEW.token())).isEqualTo(Status.OK);
    }
  }

  @Test
  void aFileThatHasNoKeysStopsTheServiceAtStart(@TempDir Path folder) throws IOException {
    Path empty = Files.write(folder.resolve("empty.json"), "{\"keys\":[]}".getBytes(UTF_8));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKeys.at(folder.resolve("missing.json").toString()))
        .withMessageContaining("tandem.auth.jwks.location is '" + folder.resolve("missing.json"))
        .withMessageContaining("NoSuchFileException");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKeys.at(empty.toString()))
        .withMessageContaining("it has no key with a kid");
  }

  @Test
  void aServerThatDoesNotAnswerAtStartDoesNot() {
    issuer.become(KeyServer.status(503, new byte[0]));

    assertThat(SigningKeys.at(issuer.url()).current().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("unsafePlaces")
  void keysComeFromNowhereThatOthersCanChange(String location) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKeys.at(location))
        .withMessage(
            "tandem.auth.jwks.location is '%s': it has to be a file's path or an https URL (http only to this machine)"
                .formatted(location));
  }

  static List<String> unsafePlaces() {
    return List.of(
        "http://issuer.test/jwks.json",
        "http://127.0.0.1.attacker.test/",
        "ftp://issuer.test/jwks.json",
        "jar:https://issuer.test!/a",
        "https:///jwks.json",
        "https://a b/jwks.json");
  }

  @Test
  void keysThatAreTooWeakOrForSomethingElseAreNotTaken() throws Exception {
    RSAKey weak = new RSAKeyGenerator(1024, true).keyID("weak").generate();
    RSAKey forEncryption =
        new RSAKey.Builder(OLD.rsa.toRSAPublicKey())
            .keyID("enc")
            .keyUse(com.nimbusds.jose.jwk.KeyUse.ENCRYPTION)
            .build();
    RSAKey forAnother =
        new RSAKey.Builder(OLD.rsa.toRSAPublicKey())
            .keyID("ps")
            .algorithm(com.nimbusds.jose.JWSAlgorithm.PS256)
            .build();
    OctetSequenceKey secret = new OctetSequenceKey.Builder(new byte[32]).keyID("oct").build();

    KeySet keys =
        KeySet.parse(
            new com.nimbusds.jose.jwk.JWKSet(
                    List.of(
                        weak.toPublicJWK(),
                        forEncryption,
                        forAnother,
                        secret,
                        OLD.ec.toPublicJWK()))
                .toString(false)
                .getBytes(UTF_8),
            10);

    assertThat(keys.ids()).containsExactly("old-ec");
  }

  /** A read that is under way has ended, or none is. */
  private static void awaitTheRead(SigningKeys keys) {
    Optional<CompletableFuture<Void>> read = keys.newerThan(keys.current());
    read.ifPresent(end -> end.orTimeout(20, TimeUnit.SECONDS).join());
  }

  private SigningKeys keys() {
    return keys(TIMEOUT);
  }

  private SigningKeys keys(Duration timeout) {
    SigningKeys keys =
        keys(KeySource.at(issuer.url(), timeout, MAX_BYTES, Optional.empty()), timeout);
    await("the first read")
        .until(
            () -> {
              clock.pass(REFETCH);
              awaitTheRead(keys);
              return !keys.current().isEmpty();
            });
    return keys;
  }

  private SigningKeys keys(KeySource source, Duration timeout) {
    return new SigningKeys(source, new Pace(REFRESH, REFETCH, timeout, 10), clock);
  }

  private static GuardedServer guard(SigningKeys keys) {
    return new GuardedServer(
        new AuthenticationInterceptor(
            new Authenticator(TestIssuer.rules(), keys, Clock.systemUTC()),
            GuardedServer.NOTHING_EXEMPT,
            Optional::empty));
  }
}

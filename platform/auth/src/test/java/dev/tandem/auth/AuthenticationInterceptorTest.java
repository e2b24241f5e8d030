package dev.tandem.auth;

import static dev.tandem.auth.GuardedServer.bearer;
import static dev.tandem.auth.TestIssuer.claims;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tandem.auth.AccessRules.Rule;
import io.grpc.Status;
import java.util.List;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationInterceptorTest {

  private static final TestIssuer ISSUER = new TestIssuer("issuer");
  private static final String CHECK = "grpc.health.v1.Health/Check";
  private static final String HEALTH = "grpc.health.v1.Health";

  @Test
  void tellsWhatIsBehindItWhoCallsAndKeepsTheTokenToItself() {
    try (GuardedServer server = GuardedServer.of(ISSUER)) {
      Status unary = server.call(ISSUER.token());
      Status stream = server.watch(bearer(ISSUER.token(claims().subject("grace"))));

      assertThat(unary.getCode()).isEqualTo(Status.Code.OK);
      assertThat(stream.getCode()).isEqualTo(Status.Code.OK);
      assertThat(server.callers).containsExactly("ada", "grace");
      assertThat(server.authorizationLeft).containsOnly(false);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ", "bearer ", "BEARER "})
  void takesTheSchemeInAnyCase(String scheme) {
    try (GuardedServer server = GuardedServer.of(ISSUER)) {
      assertThat(server.call(GuardedServer.authorization(scheme + ISSUER.token())).isOk()).isTrue();
    }
  }

  @Test
  void takesWhatAServersTokensMayBeLike() {
    try (GuardedServer server = GuardedServer.of(ISSUER)) {
      assertThat(server.call(ISSUER.token(claims().audience(List.of("elsewhere", "tandem")))))
          .isEqualTo(Status.OK);
      assertThat(server.call(ISSUER.token(claims().claim("more", List.of(1, 2)))))
          .isEqualTo(Status.OK);
      assertThat(
              server.call(
                  ISSUER.raw(
                      "{\"alg\":\"ES256\",\"kid\":\"issuer-ec\",\"typ\":\"at+jwt\",\"x\":1}",
                      claims().build().toString())))
          .isEqualTo(Status.OK);
    }
  }

  @Test
  void letsExemptServicesAnswerWithoutAToken() {
    try (GuardedServer server = serverWith(AccessRules.standard())) {
      assertThat(server.call(new io.grpc.Metadata())).isEqualTo(Status.OK);
      assertThat(server.callers).containsExactly("nobody");
    }
  }

  @Test
  void deniesAMethodToSubjectsThatNoRuleNames() {
    try (GuardedServer server = serverWith(rule(CHECK, Set.of("grace"), Set.of()))) {
      Status ada = server.call(ISSUER.token());
      Status grace = server.call(ISSUER.token(claims().subject("grace")));
      Status elsewhere = server.watch(bearer(ISSUER.token()));

      assertThat(ada.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(ada.getDescription()).isEqualTo("this caller may not call this method");
      assertThat(grace).isEqualTo(Status.OK);
      assertThat(elsewhere).isEqualTo(Status.OK);
      assertThat(server.callers).containsExactly("grace", "ada");
    }
  }

  @Test
  void deniesAServiceWithoutItsScopesInAStreamToo() {
    try (GuardedServer server = serverWith(rule(HEALTH, Set.of(), Set.of("read", "watch")))) {
      assertThat(server.watch(bearer(ISSUER.token(claims().claim("scope", "read")))).getCode())
          .isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(server.watch(bearer(ISSUER.token(claims().claim("scope", "watch write read")))))
          .isEqualTo(Status.OK);
    }
  }

  @Test
  void letsARuleForTheMethodTakeOverFromOneForItsService() {
    AccessRules rules =
        new AccessRules(
            Set.of(),
            List.of(
                new Rule(Set.of(HEALTH), Set.of("grace"), Set.of()),
                new Rule(Set.of(CHECK), Set.of("ada"), Set.of()),
                new Rule(Set.of(CHECK), Set.of("hedy"), Set.of())));
    try (GuardedServer server = serverWith(rules)) {
      assertThat(server.call(ISSUER.token(claims().subject("ada")))).isEqualTo(Status.OK);
      assertThat(server.call(ISSUER.token(claims().subject("hedy")))).isEqualTo(Status.OK);
      assertThat(server.call(ISSUER.token(claims().subject("grace"))).getCode())
          .isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(server.watch(bearer(ISSUER.token(claims().subject("grace")))))
          .isEqualTo(Status.OK);
    }
  }

  @Test
  void refusesRulesThatSayNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rule(CHECK, Set.of(), Set.of()))
        .withMessage(
            "tandem.auth.rules[0].subjects is '': name subjects or scopes: a rule without either would allow everybody");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rule("GetUser(", Set.of("ada"), Set.of()))
        .withMessageStartingWith(
            "tandem.auth.rules[0].methods is 'GetUser(': it has to be a method");
  }

  @Test
  void saysWhyInTheLogWithoutTheTokenAndNotWithoutEnd() {
    String token = new TestIssuer("stranger").token();
    List<String> lines = new java.util.concurrent.CopyOnWriteArrayList<>();
    Logger logger = Logger.getLogger(AuthenticationInterceptor.class.getName());
    Handler handler = new Lines(lines);
    logger.addHandler(handler);
    try (GuardedServer server = GuardedServer.of(ISSUER)) {
      for (int i = 0; i < 100; i++) {
        assertThat(server.call(token).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      }
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(lines).hasSize(60);
    assertThat(lines)
        .allMatch(
            line ->
                line.startsWith("refused grpc.health.v1.Health/Check from /127.0.0.1:")
                    && line.endsWith("the token names the key 'stranger-ec', which is unknown"))
        .noneMatch(line -> line.contains(token.substring(0, 20)));
  }

  private static AccessRules rule(String method, Set<String> subjects, Set<String> scopes) {
    return new AccessRules(Set.of(), List.of(new Rule(Set.of(method), subjects, scopes)));
  }

  private static GuardedServer serverWith(AccessRules access) {
    return new GuardedServer(
        new AuthenticationInterceptor(TestIssuer.rules(), access, FixedKeys.of(ISSUER.jwks())));
  }

  private static final class Lines extends Handler {

    private final List<String> lines;

    private Lines(List<String> lines) {
      this.lines = lines;
    }

    @Override
    public void publish(LogRecord line) {
      lines.add(java.text.MessageFormat.format(line.getMessage(), line.getParameters()));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}

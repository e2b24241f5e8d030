package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import dev.tandem.caller.token.TokenSigner;
import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import dev.tandem.e2e.v1.Credential;
import dev.tandem.e2e.v1.NoCredential;
import dev.tandem.e2e.v1.TokenClaims;
import dev.tandem.payment.v1.ChargeRequest;
import dev.tandem.payment.v1.ChargeResponse;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@Proof("Only callers with a valid token are served")
@Order(3)
final class AuthenticationTest {

  private static final Credential NONE =
      Credential.newBuilder().setNone(NoCredential.getDefaultInstance()).build();

  private static final Duration HOLD = Duration.ofSeconds(1);

  @Test
  @Order(1)
  void aCallWithoutAValidTokenIsRefusedByBothServicesEverywhere(
      Clusters clusters, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      Map<String, Credential> bad = badCredentials(cluster);
      bad.forEach(
          (name, credential) -> {
            ChargeRequest charge = Charges.of(1200);
            for (Work work :
                new Work[] {
                  Work.getUser(Users.ONE), Work.watchUser(Users.ONE, HOLD), Work.charge(charge)
                }) {
              Call call = cluster.caller().call(work, credential);

              assertThat(call.status())
                  .as("%s of %s with %s: %s", work.name(), cluster, name, call.describe())
                  .isEqualTo(Status.Code.UNAUTHENTICATED);
              assertThat(call.message())
                  .as("what is said of %s", name)
                  .startsWith("a valid bearer token is needed");
              assertThat(call.cluster()).as("who refuses " + name).isNotEmpty();
            }
            assertThat(Charges.stored(clusters, charge.getIdempotencyKey()))
                .as("payments charged with " + name)
                .isZero();
          });
      evidence.says(
          "From %s: GetUser, WatchUser and Charge are UNAUTHENTICATED with %s.",
          cluster.name(), String.join("; ", bad.keySet()));
    }
  }

  @Test
  @Order(2)
  void aValidTokenIsAcceptedAndPaymentAsksUserInItsName(Clusters clusters, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      ChargeRequest charge = Charges.of(1200);

      Call user = cluster.caller().call(Work.getUser(Users.ONE));
      Call watch = cluster.caller().call(Work.watchUser(Users.ONE, HOLD));
      Call payment = cluster.caller().call(Work.charge(charge));

      assertThat(user.ok()).as(user.describe()).isTrue();
      assertThat(watch.ok()).as(watch.describe()).isTrue();
      // A new key: payment asked user for the name, and user refuses whoever brings no token.
      assertThat(payment.reply(ChargeResponse.parser()).getPayment().getUserName())
          .as(payment.describe())
          .isNotBlank();
      evidence.says(
          "From %s with the caller's own token: GetUser answered by %s, WatchUser by %s; Charge by %s, which asked user in the caller's name.",
          cluster.name(), user.cluster(), watch.cluster(), payment.cluster());
    }
  }

  private static Map<String, Credential> badCredentials(LiveCluster cluster) {
    Map<String, Credential> bad = new LinkedHashMap<>();
    bad.put("no token", NONE);
    bad.put("another scheme", authorization("Basic YTpi"));
    bad.put("no JSON Web Token", authorization("Bearer token"));
    bad.put("an unsigned token", authorization("Bearer " + unsigned()));
    bad.put("a foreign key under its own name", authorization(foreign("foreign")));
    bad.put("a foreign key under the right key's name", authorization(foreign(keyId(cluster))));
    bad.put(
        "a token that expired an hour ago",
        signed(TokenClaims.newBuilder().setAge(Durations.fromMinutes(65))));
    bad.put(
        "a token from the next hour",
        signed(TokenClaims.newBuilder().setAge(Durations.fromMinutes(-60))));
    bad.put(
        "a token for a year",
        signed(TokenClaims.newBuilder().setLifetime(Durations.fromDays(365))));
    bad.put("a token for somebody else", signed(TokenClaims.newBuilder().setAudience("elsewhere")));
    return bad;
  }

  private static Credential authorization(String value) {
    return Credential.newBuilder().setAuthorization(value).build();
  }

  private static Credential signed(TokenClaims.Builder claims) {
    return Credential.newBuilder().setSigned(claims).build();
  }

  private static String unsigned() {
    Base64.Encoder base64url = Base64.getUrlEncoder().withoutPadding();
    long now = Clock.systemUTC().instant().getEpochSecond();
    String claims =
        "{\"iss\":\"tandem\",\"aud\":\"tandem\",\"sub\":\"caller\",\"iat\":%d,\"exp\":%d}"
            .formatted(now, now + 60);
    return base64url.encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8))
        + "."
        + base64url.encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".";
  }

  private static String foreign(String keyId) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return new TokenSigner(
              generator.generateKeyPair().getPrivate(),
              keyId,
              "tandem",
              "tandem",
              Clock.systemUTC())
          .own()
          .authorization()
          .orElseThrow();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has P-256", e);
    }
  }

  private static String keyId(LiveCluster cluster) {
    String encoded =
        cluster
            .kubernetes()
            .secrets()
            .inNamespace(LiveCluster.NAMESPACE)
            .withName("token-signer")
            .require()
            .getData()
            .get("kid");
    return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
  }
}

package dev.tandem.e2e;

import static dev.tandem.e2e.v1.ProbeOutcome.PROBE_OUTCOME_CLOSED;
import static dev.tandem.e2e.v1.ProbeOutcome.PROBE_OUTCOME_CONNECTED;
import static dev.tandem.e2e.v1.ProbeOutcome.PROBE_OUTCOME_CONNECT_REFUSED;
import static dev.tandem.e2e.v1.ProbeOutcome.PROBE_OUTCOME_CONNECT_TIMED_OUT;
import static dev.tandem.e2e.v1.ProbeOutcome.PROBE_OUTCOME_TLS_REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.call.CallerClient;
import dev.tandem.e2e.call.Ledger;
import dev.tandem.e2e.call.LoadShape;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Undo;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import dev.tandem.e2e.v1.ProbeKind;
import dev.tandem.e2e.v1.ProbeOutcome;
import dev.tandem.e2e.v1.ProbeResponse;
import io.grpc.Status;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@Proof("Who may not call is refused")
@Order(3)
final class RefusalsTest {
  private static final String USER = "user.tandem.svc.cluster.local";
  private static final int PORT = 9000;
  private static final int GATEWAY_PORT = 15443;

  /** The name by which a mesh client asks a gateway for the user service. */
  private static final String USER_AT_GATEWAY = "outbound_.9000_._." + USER;

  private static final Set<ProbeOutcome> NO_CONNECTION =
      Set.of(PROBE_OUTCOME_CONNECT_TIMED_OUT, PROBE_OUTCOME_CONNECT_REFUSED);

  private static final Map<LiveCluster, Strangers> STRANGERS = new HashMap<>();

  @BeforeAll
  static void sendStrangers(Clusters clusters, Undo undo) {
    for (LiveCluster cluster : clusters.all()) {
      STRANGERS.put(cluster, Strangers.sendTo(cluster, undo));
    }
    STRANGERS.values().forEach(Strangers::awaitReady);
  }

  @AfterAll
  static void recall() {
    STRANGERS.values().forEach(Strangers::close);
    STRANGERS.clear();
  }

  @Test
  @Order(1)
  void plaintextFromOutsideTheMeshIsRefused(Clusters clusters, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      CallerClient outsider = strangers(cluster).outsider();
      ProbeResponse probe = outsider.probe(USER, PORT, ProbeKind.PROBE_KIND_PLAINTEXT);
      Call call =
          outsider.call(Work.getUser(Users.ONE).at(USER + ":" + PORT), Duration.ofSeconds(3));

      assertThat(
              Set.of(
                  PROBE_OUTCOME_CLOSED,
                  PROBE_OUTCOME_CONNECT_TIMED_OUT,
                  PROBE_OUTCOME_CONNECT_REFUSED))
          .as("plaintext from outside the mesh to user in %s: %s", cluster, probe.getDetail())
          .contains(probe.getOutcome());
      assertRefused(call, cluster);
      evidence.says(
          "A pod of %s outside the mesh calls its own cluster in plaintext: %s; GetUser: %s.",
          cluster.name(), probe.getDetail(), call.status());
    }
  }

  @Test
  @Order(2)
  void plaintextFromOutsideTheMeshIsRefusedAcrossClusters(Clusters clusters, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      CallerClient outsider = strangers(cluster).outsider();
      for (LiveCluster other : clusters.without(cluster)) {
        String gateway = other.gatewayAddress();
        assertThat(outsider.probe(gateway, GATEWAY_PORT, ProbeKind.PROBE_KIND_TCP).getOutcome())
            .as("the gateway of %s listens at %s:%d", other, gateway, GATEWAY_PORT)
            .isEqualTo(PROBE_OUTCOME_CONNECTED);
        ProbeResponse plaintext =
            outsider.probe(gateway, GATEWAY_PORT, ProbeKind.PROBE_KIND_PLAINTEXT);
        Call call =
            outsider.call(
                Work.getUser(Users.ONE).at(gateway + ":" + GATEWAY_PORT), Duration.ofSeconds(3));
        ProbeResponse tls = outsider.probeTls(gateway, GATEWAY_PORT, USER_AT_GATEWAY);

        assertThat(plaintext.getOutcome())
            .as("plaintext to the gateway of %s: %s", other, plaintext.getDetail())
            .isEqualTo(PROBE_OUTCOME_CLOSED);
        assertRefused(call, other);
        assertThat(Set.of(PROBE_OUTCOME_TLS_REFUSED, PROBE_OUTCOME_CLOSED))
            .as(
                "TLS without a certificate to user behind the gateway of %s: %s",
                other, tls.getDetail())
            .contains(tls.getOutcome());
        evidence.says(
            "A pod of %s outside the mesh calls %s through its gateway in plaintext: %s; GetUser: %s.",
            cluster.name(), other.name(), plaintext.getDetail(), call.status());
        evidence.says("The same with TLS but without the mesh's certificate: %s.", tls.getDetail());
      }
    }
  }

  @Test
  @Order(3)
  void plaintextIsRefusedEvenWhereTheNetworkLetsItThrough(Clusters clusters, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      CallerClient labelled = strangers(cluster).labelled();
      ProbeResponse tcp = labelled.probe(USER, PORT, ProbeKind.PROBE_KIND_TCP);
      ProbeResponse plaintext = labelled.probe(USER, PORT, ProbeKind.PROBE_KIND_PLAINTEXT);
      Call call = labelled.call(Work.getUser(Users.ONE), Duration.ofSeconds(3));

      assertThat(tcp.getOutcome())
          .as("the caller's label lets a pod connect in %s: %s", cluster, tcp.getDetail())
          .isEqualTo(PROBE_OUTCOME_CONNECTED);
      assertThat(plaintext.getOutcome())
          .as("plaintext in %s: %s", cluster, plaintext.getDetail())
          .isEqualTo(PROBE_OUTCOME_CLOSED);
      assertRefused(call, cluster);
      evidence.says(
          "A pod of %s with the caller's labels but without a sidecar connects; then: %s; GetUser: %s.",
          cluster.name(), plaintext.getDetail(), call.status());
    }
  }

  @Test
  @Order(4)
  void aPodWithoutTheRightLabelIsRefusedByTheNetwork(Clusters clusters, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      String address = cluster.deployment("user").readyPods().getFirst().getStatus().getPodIP();
      ProbeResponse unlabelled =
          strangers(cluster).unlabelled().probe(address, PORT, ProbeKind.PROBE_KIND_TCP);
      ProbeResponse outside =
          strangers(cluster).outsider().probe(address, PORT, ProbeKind.PROBE_KIND_TCP);
      ProbeResponse labelled =
          strangers(cluster).labelled().probe(address, PORT, ProbeKind.PROBE_KIND_TCP);

      assertThat(NO_CONNECTION)
          .as("a pod of %s without the label: %s", cluster, unlabelled.getDetail())
          .contains(unlabelled.getOutcome());
      assertThat(NO_CONNECTION)
          .as("a pod of %s in another namespace: %s", cluster, outside.getDetail())
          .contains(outside.getOutcome());
      assertThat(labelled.getOutcome())
          .as("a pod of %s with the label: %s", cluster, labelled.getDetail())
          .isEqualTo(PROBE_OUTCOME_CONNECTED);
      evidence.says(
          "In %s, to a pod of user: without the label \"%s\"; from another namespace \"%s\"; with the label \"%s\".",
          cluster.name(), unlabelled.getDetail(), outside.getDetail(), labelled.getDetail());
    }
  }

  @Test
  @Order(5)
  void aMemberOfTheMeshWithAnotherIdentityIsDeniedByEveryCluster(
      Clusters clusters, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      Ledger ledger =
          strangers(cluster).impostor().run(Work.getUser(Users.ONE), LoadShape.of(40, 40));

      assertThat(ledger.byStatus())
          .as(
              "calls from %s with the caller's labels and sidecar, but not its identity:%n%s",
              cluster, ledger.lastCalls())
          .containsOnlyKeys(Status.Code.PERMISSION_DENIED);
      evidence.says(
          "A pod of %s with a sidecar and the caller's labels, but another service account: %d of %d calls PERMISSION_DENIED.",
          cluster.name(), ledger.size(), ledger.size());
    }
  }

  private static void assertRefused(Call call, LiveCluster by) {
    assertThat(call.ok()).as("a plaintext call to %s: %s", by, call.describe()).isFalse();
    assertThat(call.cluster())
        .as("who answered a plaintext call to %s: %s", by, call.describe())
        .isEmpty();
  }

  private static Strangers strangers(LiveCluster cluster) {
    Strangers strangers = STRANGERS.get(cluster);
    if (strangers == null) {
      throw new IllegalStateException("no strangers were sent to " + cluster);
    }
    return strangers;
  }
}

package dev.tandem.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against an API server in memory that keeps objects and has no controllers but ours. */
final class KubernetesClusterTest {

  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final Migration TO_V2 =
      new Migration(
          "user",
          "tandem.user.v1",
          "tandem.user.v2",
          Optional.empty(),
          Map.of("TANDEM_USER_NEWEST_VERSION", "v2"),
          Course.USUAL);

  /** Held, or the level is lost with the logger. */
  private static final Logger TOO_TALKATIVE = Logger.getLogger("io.fabric8.mockwebserver");

  static {
    TOO_TALKATIVE.setLevel(Level.WARNING);
  }

  private final KubernetesMockServer server =
      new KubernetesMockServer(
          new Context(),
          new MockWebServer(),
          new HashMap<>(),
          new KubernetesCrudDispatcher(List.of()),
          false);
  private KubernetesClient kubernetes;
  private KubernetesCluster cluster;
  private Thread controllers;

  @BeforeEach
  void deployUser() {
    server.init();
    kubernetes = server.createClient();
    cluster = at(NOW);
    kubernetes
        .resource(
            """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: user, namespace: tandem, labels: {app.kubernetes.io/name: user}, generation: 1}
        spec:
          replicas: 1
          selector: {matchLabels: {app.kubernetes.io/name: user}}
          template:
            metadata: {labels: {app.kubernetes.io/name: user, tandem.dev/track: stable}}
            spec: {containers: [{name: user, image: "user:1", env: []}]}
        status: {observedGeneration: 1, availableReplicas: 1, updatedReplicas: 1, replicas: 1}
        """)
        .create();
    create(
        KubernetesCluster.VIRTUAL_SERVICE,
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: user, namespace: tandem}
        spec:
          hosts: [user.tandem.svc.cluster.local]
          http:
            - name: all
              route: [{destination: {host: user.tandem.svc.cluster.local}}]
              timeout: 5s
        """);
    create(
        KubernetesCluster.DESTINATION_RULE,
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: user, namespace: tandem}
        spec: {host: user.tandem.svc.cluster.local}
        """);
    controllers = Thread.ofVirtual().name("controllers").start(this::makeAvailable);
  }

  @AfterEach
  void stop() throws InterruptedException {
    controllers.interrupt();
    controllers.join();
    kubernetes.close();
    server.destroy();
  }

  @Test
  void findsNothingInTheWay() {
    assertThat(cluster.problems(TO_V2)).isEmpty();
  }

  @Test
  void namesWhatIsMissing() {
    Migration other =
        new Migration(
            "usr", "tandem.user.v1", "tandem.user.v2", Optional.empty(), Map.of(), Course.USUAL);

    assertThat(cluster.problems(other))
        .extracting(MigratedCluster.Problem::what)
        .containsExactly("shanghai has no Deployment usr");
  }

  @Test
  void putsTheNewDeploymentBesideTheOldOneAndSendsNobodyThere() {
    assertThat(cluster.prepare(TO_V2)).isTrue();
    assertThat(cluster.prepare(TO_V2)).isFalse();
    cluster.apply(TO_V2, new Phase.Beside().shape());

    Deployment candidate =
        kubernetes.apps().deployments().inNamespace("tandem").withName("user-candidate").get();
    assertThat(candidate.getSpec().getTemplate().getMetadata().getLabels())
        .containsEntry("tandem.dev/track", "candidate");
    assertThat(routes()).contains("\"subset\":\"stable\"");
    assertThat(cluster.drift(TO_V2, new Phase.Beside().shape())).isEmpty();
  }

  @Test
  void putsEverythingBackAsItWas() {
    String routes = routes();
    String subsets = spec(KubernetesCluster.DESTINATION_RULE);
    cluster.remember(Progress.start(TO_V2, NOW));
    cluster.prepare(TO_V2);
    for (Phase phase : TO_V2.course().phases().subList(1, 10)) {
      cluster.apply(TO_V2, phase.shape());
      cluster.apply(TO_V2, phase.shape());
    }

    cluster.withdraw(TO_V2, false);
    cluster.apply(TO_V2, Shape.ORIGINAL);
    cluster.clean(TO_V2);

    assertThat(routes()).isEqualTo(routes);
    assertThat(spec(KubernetesCluster.DESTINATION_RULE)).isEqualTo(subsets);
    assertThat(
            kubernetes.apps().deployments().inNamespace("tandem").withName("user-candidate").get())
        .isNull();
    assertThat(cluster.progress("user")).contains(Progress.start(TO_V2, NOW));
  }

  @Test
  void makesTheOldPodsLikeTheNewOnesAndCanStillUndoIt() {
    PodTemplateSpec old = podsOfUser();
    cluster.prepare(TO_V2);
    cluster.apply(TO_V2, new Phase.Retirement().shape());

    cluster.promote(TO_V2);
    cluster.promote(TO_V2);

    assertThat(Serialization.asJson(podsOfUser())).contains("TANDEM_USER_NEWEST_VERSION");
    assertThat(podsOfUser().getMetadata().getLabels()).containsEntry("tandem.dev/track", "stable");

    cluster.withdraw(TO_V2, true);

    assertThat(routes()).contains("\"subset\":\"stable\"").doesNotContain("candidate");

    cluster.demote(TO_V2);

    assertThat(podsOfUser()).isEqualTo(old);
  }

  private PodTemplateSpec podsOfUser() {
    return Objects.requireNonNull(
            kubernetes.apps().deployments().inNamespace("tandem").withName("user").get())
        .getSpec()
        .getTemplate();
  }

  @Test
  void withdrawsNothingWhereNothingWasPrepared() {
    String routes = routes();

    cluster.withdraw(TO_V2, false);
    cluster.clean(TO_V2);

    assertThat(routes()).isEqualTo(routes);
  }

  @Test
  void noticesThatSomebodyElseChangedTheRoutes() {
    cluster.prepare(TO_V2);
    cluster.apply(TO_V2, new Phase.Shifted(20).shape());

    assertThat(cluster.drift(TO_V2, new Phase.Shifted(20).shape())).isEmpty();
    assertThat(cluster.drift(TO_V2, new Phase.Shifted(50).shape()))
        .containsExactly("shanghai: somebody changed the VirtualService user");
  }

  @Test
  void remembersAndForgets() {
    Progress progress = Progress.start(TO_V2, NOW).intends(new Phase.Beside());

    cluster.remember(progress);
    assertThat(cluster.progress("user")).contains(progress);
    assertThat(cluster.migrations()).containsExactly("user");

    cluster.forget("user");
    assertThat(cluster.progress("user")).isEmpty();
    assertThat(cluster.migrations()).isEmpty();
  }

  @Test
  void doesNotStartWhatAnotherReleaseOfTheCommandWrote() {
    cluster.remember(Progress.start(TO_V2, NOW));
    kubernetes
        .configMaps()
        .inNamespace("tandem")
        .withName("tandem-migration-user")
        .edit(
            memory -> {
              memory.getData().put("progress.json", "{\"format\": 2}");
              return memory;
            });

    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> cluster.progress("user"))
        .withMessageStartingWith("shanghai: the record of the migration cannot be read");
  }

  @Test
  void lendsTheRightToChangeItToOneAtATime() {
    assertThat(cluster.claim("user", "ada")).isEmpty();
    assertThat(cluster.claim("user", "ada")).isEmpty();
    assertThat(cluster.claim("user", "grace"))
        .hasValueSatisfying(holder -> assertThat(holder.owner()).isEqualTo("ada"));

    cluster.release("user", "grace");
    assertThat(cluster.claim("user", "grace")).isPresent();
    cluster.release("user", "ada");
    assertThat(cluster.claim("user", "grace")).isEmpty();
  }

  @Test
  void takesTheRightFromACommandThatDied() {
    cluster.claim("user", "ada");

    assertThat(at(NOW.plusSeconds(29)).claim("user", "grace")).isPresent();
    assertThat(at(NOW.plusSeconds(31)).claim("user", "grace")).isEmpty();
  }

  @Test
  void namesItselfWhenItIsOutOfReach() {
    Config nobodyListens =
        new ConfigBuilder(kubernetes.getConfiguration())
            .withMasterUrl("http://127.0.0.1:1/")
            .withRequestRetryBackoffLimit(0)
            .build();
    try (KubernetesClient none = new KubernetesClientBuilder().withConfig(nobodyListens).build()) {
      KubernetesCluster lost =
          new KubernetesCluster("beijing", none, Clock.fixed(NOW, ZoneOffset.UTC));

      assertThatExceptionOfType(ClusterException.class)
          .isThrownBy(() -> lost.progress("user"))
          .withMessageStartingWith("beijing: ");
    }
  }

  private KubernetesCluster at(Instant time) {
    return new KubernetesCluster("shanghai", kubernetes, Clock.fixed(time, ZoneOffset.UTC));
  }

  private void create(ResourceDefinitionContext kind, String yaml) {
    kubernetes
        .genericKubernetesResources(kind)
        .inNamespace("tandem")
        .resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
        .create();
  }

  private String routes() {
    return spec(KubernetesCluster.VIRTUAL_SERVICE);
  }

  private String spec(ResourceDefinitionContext kind) {
    GenericKubernetesResource found =
        kubernetes.genericKubernetesResources(kind).inNamespace("tandem").withName("user").get();
    return Serialization.asJson(Objects.requireNonNull(found).get("spec"));
  }

  /** Every deployment is available at once. */
  private void makeAvailable() {
    try {
      while (true) {
        Thread.sleep(Duration.ofMillis(50));
        kubernetes.apps().deployments().inNamespace("tandem").list().getItems().stream()
            .filter(
                deployment ->
                    deployment.getStatus() == null
                        || deployment.getStatus().getAvailableReplicas() == null
                        || !Objects.equals(
                            deployment.getStatus().getObservedGeneration(),
                            deployment.getMetadata().getGeneration()))
            .forEach(
                deployment ->
                    kubernetes
                        .resource(
                            new DeploymentBuilder(deployment)
                                .withNewStatus()
                                .withObservedGeneration(deployment.getMetadata().getGeneration())
                                .withReplicas(deployment.getSpec().getReplicas())
                                .withAvailableReplicas(deployment.getSpec().getReplicas())
                                .withUpdatedReplicas(deployment.getSpec().getReplicas())
                                .endStatus()
                                .build())
                        .updateStatus());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

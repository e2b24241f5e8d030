package dev.tandem.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CandidateDeploymentTest {

  private static final Deployment STABLE =
      Serialization.unmarshal(
          """
          apiVersion: apps/v1
          kind: Deployment
          metadata:
            name: user
            namespace: tandem
            uid: 1f0c
            resourceVersion: "77"
            annotations: {meta.helm.sh/release-name: user}
            labels: {app.kubernetes.io/name: user, app.kubernetes.io/managed-by: Helm, helm.sh/chart: user-1}
          spec:
            replicas: 2
            selector: {matchLabels: {app.kubernetes.io/name: user}}
            template:
              metadata: {labels: {app.kubernetes.io/name: user, tandem.dev/track: stable}}
              spec:
                serviceAccountName: user
                containers:
                  - name: user
                    image: registry.tandem.internal/user:1
                    env:
                      - {name: TANDEM_CLUSTER, value: shanghai}
                      - {name: TANDEM_USER_NEWEST_VERSION, value: v1}
          """,
          Deployment.class);

  private static final Migration TO_V2 =
      new Migration(
          "user",
          "tandem.user.v1",
          "tandem.user.v2",
          Optional.of("registry.tandem.internal/user:2"),
          Map.of("TANDEM_USER_NEWEST_VERSION", "v2"),
          Course.USUAL);

  private final Deployment candidate = CandidateDeployment.of(STABLE, TO_V2);

  @Test
  void hasItsOwnNameAndTrackAndIsNotHelms() {
    assertThat(candidate.getMetadata().getName()).isEqualTo("user-candidate");
    assertThat(candidate.getMetadata().getUid()).isNull();
    assertThat(candidate.getMetadata().getResourceVersion()).isNull();
    assertThat(candidate.getMetadata().getAnnotations()).isNullOrEmpty();
    assertThat(candidate.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/managed-by", "tandem-migrate")
        .doesNotContainKey("helm.sh/chart");
    assertThat(candidate.getSpec().getSelector().getMatchLabels())
        .isEqualTo(Map.of("app.kubernetes.io/name", "user", "tandem.dev/track", "candidate"));
  }

  @Test
  void looksLikeTheOldOneToTheServiceAndItsPolicies() {
    assertThat(candidate.getSpec().getTemplate().getMetadata().getLabels())
        .isEqualTo(Map.of("app.kubernetes.io/name", "user", "tandem.dev/track", "candidate"));
    assertThat(candidate.getSpec().getTemplate().getSpec().getServiceAccountName())
        .isEqualTo("user");
    assertThat(candidate.getSpec().getReplicas()).isEqualTo(2);
  }

  @Test
  void runsWhatTheMigrationSays() {
    var container = candidate.getSpec().getTemplate().getSpec().getContainers().getFirst();

    assertThat(container.getImage()).isEqualTo("registry.tandem.internal/user:2");
    assertThat(container.getEnv())
        .extracting(EnvVar::getName, EnvVar::getValue)
        .containsExactly(
            tuple("TANDEM_CLUSTER", "shanghai"), tuple("TANDEM_USER_NEWEST_VERSION", "v2"));
  }

  @Test
  void leavesTheOldOneAsItWas() {
    assertThat(STABLE.getSpec().getTemplate().getMetadata().getLabels())
        .containsEntry("tandem.dev/track", "stable");
    assertThat(STABLE.getSpec().getTemplate().getSpec().getContainers().getFirst().getImage())
        .isEqualTo("registry.tandem.internal/user:1");
  }
}

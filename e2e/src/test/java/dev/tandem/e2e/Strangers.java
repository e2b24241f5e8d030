package dev.tandem.e2e;

import dev.tandem.e2e.call.CallerClient;
import dev.tandem.e2e.cluster.Await;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Pods;
import dev.tandem.e2e.cluster.Undo;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Pods in one cluster that lack something a client of user needs. They run the caller's image. */
final class Strangers implements AutoCloseable {
  private static final String OUTSIDE = "outside";
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Map<String, String> CALLERS_LABELS =
      Map.of(
          "app.kubernetes.io/name", "caller",
          "app.kubernetes.io/instance", "caller",
          "app.kubernetes.io/component", "service");

  private final LiveCluster cluster;
  private final Map<String, CallerClient> clients = new HashMap<>();

  private Strangers(LiveCluster cluster) {
    this.cluster = cluster;
  }

  /** Creates the pods; {@code undo} removes them and their namespace. */
  static Strangers sendTo(LiveCluster cluster, Undo undo) {
    Strangers strangers = new Strangers(cluster);
    undo.add("remove the strangers of " + cluster, strangers::remove);
    strangers.remove();
    var kubernetes = cluster.kubernetes();
    kubernetes
        .namespaces()
        .resource(new NamespaceBuilder().withNewMetadata().withName(OUTSIDE).endMetadata().build())
        .create();
    Container caller =
        kubernetes
            .apps()
            .deployments()
            .inNamespace(LiveCluster.NAMESPACE)
            .withName("caller")
            .get()
            .getSpec()
            .getTemplate()
            .getSpec()
            .getContainers()
            .getFirst();
    Map<String, String> stranger = Map.of("app.kubernetes.io/name", "stranger");
    strangers.create(OUTSIDE, "outsider", stranger, caller, false);
    strangers.create(LiveCluster.NAMESPACE, "unlabelled", stranger, caller, false);
    strangers.create(LiveCluster.NAMESPACE, "labelled", CALLERS_LABELS, caller, false);
    strangers.create(LiveCluster.NAMESPACE, "impostor", CALLERS_LABELS, caller, true);
    return strangers;
  }

  /** Outside the mesh, in a namespace of its own. */
  CallerClient outsider() {
    return client(OUTSIDE, "outsider");
  }

  /** In our namespace, without a sidecar and without a label that any policy knows. */
  CallerClient unlabelled() {
    return client(LiveCluster.NAMESPACE, "unlabelled");
  }

  /** In our namespace with the caller's labels, without a sidecar. */
  CallerClient labelled() {
    return client(LiveCluster.NAMESPACE, "labelled");
  }

  /**
   * In our namespace with the caller's labels and a sidecar, but not with the caller's service
   * account.
   */
  CallerClient impostor() {
    return client(LiveCluster.NAMESPACE, "impostor");
  }

  void awaitReady() {
    for (String place :
        List.of(OUTSIDE + "/outsider", "tandem/unlabelled", "tandem/labelled", "tandem/impostor")) {
      String namespace = place.substring(0, place.indexOf('/'));
      String name = place.substring(place.indexOf('/') + 1);
      var pod = cluster.kubernetes().pods().inNamespace(namespace).withName(name);
      Await.seen(
          "pod %s of %s to run".formatted(place, cluster),
          LIMIT,
          pod.informOnCondition(found -> found.stream().anyMatch(Pods::containersReady)),
          () -> {
            Pod seen = pod.get();
            return seen == null ? "it does not exist" : Pods.describe(seen);
          });
    }
  }

  private CallerClient client(String namespace, String name) {
    return clients.computeIfAbsent(
        name, key -> CallerClient.inPod(cluster.kubectl(), cluster.name(), namespace, name));
  }

  private void create(
      String namespace,
      String name,
      Map<String, String> labels,
      Container caller,
      boolean sidecar) {
    List<EnvVar> environment =
        List.of(
            variable("TANDEM_CLUSTER", cluster.name()),
            variable("TANDEM_POD", name),
            variable("JAVA_TOOL_OPTIONS", javaOptions(caller)));
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(name)
            .withLabels(labels)
            .addToLabels("sidecar.istio.io/inject", Boolean.toString(sidecar))
            .addToAnnotations("sidecar.istio.io/nativeSidecar", "true")
            .endMetadata()
            .withNewSpec()
            .withRestartPolicy("Never")
            .withEnableServiceLinks(false)
            .withTerminationGracePeriodSeconds(1L)
            // Never met: the pod may carry the labels of a Service without ever being sent its
            // calls.
            .addNewReadinessGate("tandem.dev/never-serves")
            .withNewSecurityContext()
            .withRunAsNonRoot(true)
            .withRunAsUser(65532L)
            .withRunAsGroup(65532L)
            .withNewSeccompProfile()
            .withType("RuntimeDefault")
            .endSeccompProfile()
            .endSecurityContext()
            .addNewContainer()
            .withName("caller")
            .withImage(caller.getImage())
            .withImagePullPolicy("IfNotPresent")
            .withEnv(environment)
            .withResources(caller.getResources())
            .withNewReadinessProbe()
            .withNewHttpGet()
            .withPath("/health/ready")
            .withNewPort(8080)
            .endHttpGet()
            .withPeriodSeconds(1)
            .withTimeoutSeconds(3)
            .withFailureThreshold(60)
            .endReadinessProbe()
            .withNewSecurityContext()
            .withAllowPrivilegeEscalation(false)
            .withReadOnlyRootFilesystem(true)
            .withNewCapabilities()
            .addToDrop("ALL")
            .endCapabilities()
            .endSecurityContext()
            .addNewVolumeMount()
            .withName("tmp")
            .withMountPath("/tmp")
            .endVolumeMount()
            .endContainer()
            .addNewVolume()
            .withName("tmp")
            .withNewEmptyDir()
            .endEmptyDir()
            .endVolume()
            .endSpec()
            .build();
    cluster.kubernetes().pods().inNamespace(namespace).resource(pod).create();
  }

  private static String javaOptions(Container caller) {
    return caller.getEnv().stream()
        .filter(variable -> variable.getName().equals("JAVA_TOOL_OPTIONS"))
        .map(EnvVar::getValue)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("");
  }

  private static EnvVar variable(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  private void remove() {
    var kubernetes = cluster.kubernetes();
    for (String name : List.of("unlabelled", "labelled", "impostor")) {
      kubernetes
          .pods()
          .inNamespace(LiveCluster.NAMESPACE)
          .withName(name)
          .withTimeout(60, TimeUnit.SECONDS)
          .delete();
    }
    kubernetes.namespaces().withName(OUTSIDE).withTimeout(120, TimeUnit.SECONDS).delete();
  }

  @Override
  public void close() {
    clients.values().forEach(CallerClient::close);
    clients.clear();
  }
}

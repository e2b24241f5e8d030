package dev.tandem.e2e.cluster;

import dev.tandem.e2e.call.CallerClient;
import dev.tandem.e2e.tool.Tool;
import dev.tandem.topology.Cluster;
import dev.tandem.topology.ControlPlane;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One running cluster: its Kubernetes, its tools, its caller. */
public final class LiveCluster implements AutoCloseable {
  /** The namespace of everything of ours. */
  public static final String NAMESPACE = "tandem";

  /** The namespace of the mesh's own parts. */
  public static final String MESH_NAMESPACE = "istio-system";

  /** The namespace of collectors, Prometheus and Jaeger. */
  public static final String TELEMETRY_NAMESPACE = "observability";

  private final Cluster cluster;
  private final KubernetesClient kubernetes;
  private final Tool kubectl;
  private final Tool istioctl;
  private final Tool helm;
  private @Nullable CallerClient caller;

  private LiveCluster(Path root, Cluster cluster, KubernetesClient kubernetes) {
    this.cluster = cluster;
    this.kubernetes = kubernetes;
    this.kubectl = Tool.named(root, "kubectl", "--context", cluster.context());
    this.istioctl = Tool.named(root, "istioctl", "--context", cluster.context());
    this.helm =
        Tool.named(root, "helm", "--kube-context", cluster.context(), "--namespace", NAMESPACE);
  }

  static LiveCluster open(Path root, Cluster cluster) {
    Config config =
        new ConfigBuilder(Config.autoConfigure(cluster.context()))
            .withRequestRetryBackoffLimit(2)
            .build();
    KubernetesClient kubernetes = new KubernetesClientBuilder().withConfig(config).build();
    LiveCluster open = new LiveCluster(root, cluster, kubernetes);
    try {
      if (kubernetes.namespaces().withName(NAMESPACE).get() == null) {
        throw new ClustersDownException(
            "cluster %s (context %s) answers, but has no namespace %s: the services are not deployed"
                .formatted(cluster.name(), cluster.context(), NAMESPACE));
      }
    } catch (KubernetesClientException e) {
      throw new ClustersDownException(
          "cluster %s is not up: its API server at %s (context %s) does not answer: %s"
              .formatted(cluster.name(), config.getMasterUrl(), cluster.context(), e.getMessage()));
    }
    return open;
  }

  /** Its name in the topology. */
  public String name() {
    return cluster.name();
  }

  /** Its entry in the topology. */
  public Cluster entry() {
    return cluster;
  }

  /** Whether it runs its own istiod. */
  public boolean isPrimary() {
    return cluster.controlPlane() instanceof ControlPlane.Primary;
  }

  /** Its Kubernetes. */
  public KubernetesClient kubernetes() {
    return kubernetes;
  }

  /** kubectl on this cluster. */
  public Tool kubectl() {
    return kubectl;
  }

  /** istioctl on this cluster. */
  public Tool istioctl() {
    return istioctl;
  }

  /** helm on this cluster, in our namespace. */
  public Tool helm() {
    return helm;
  }

  /** A workload in our namespace, by its name. */
  public Workload deployment(String name) {
    return new Workload(this, Workload.Kind.DEPLOYMENT, name);
  }

  /** A stateful workload in our namespace, by its name. */
  public Workload statefulSet(String name) {
    return new Workload(this, Workload.Kind.STATEFUL_SET, name);
  }

  /** The pods of our namespace that carry labels. */
  public List<Pod> pods(Map<String, String> labels) {
    return kubernetes.pods().inNamespace(NAMESPACE).withLabels(labels).list().getItems();
  }

  /** The caller inside this cluster, reached through a tunnel that is kept while its pod lives. */
  public synchronized CallerClient caller() {
    if (caller == null || !caller.alive()) {
      if (caller != null) {
        caller.close();
      }
      Workload workload = deployment("caller");
      workload.awaitAvailable();
      String pod = workload.readyPods().getFirst().getMetadata().getName();
      caller = CallerClient.inPod(kubectl, name(), NAMESPACE, pod);
    }
    return caller;
  }

  /** The address at which other clusters reach this one. */
  public String gatewayAddress() {
    var service =
        kubernetes.services().inNamespace(MESH_NAMESPACE).withName("istio-eastwestgateway").get();
    if (service == null || service.getStatus().getLoadBalancer().getIngress().isEmpty()) {
      throw new AssertionError(
          "the east-west gateway of %s has no address: kubectl --context %s -n %s get service istio-eastwestgateway"
              .formatted(name(), cluster.context(), MESH_NAMESPACE));
    }
    return service.getStatus().getLoadBalancer().getIngress().getFirst().getIp();
  }

  @Override
  public synchronized void close() {
    if (caller != null) {
      caller.close();
    }
    kubernetes.close();
  }

  @Override
  public String toString() {
    return name();
  }
}

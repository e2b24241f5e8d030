package dev.tandem.cli.migrate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.cli.migrate.Shape.OldVersion;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A cluster behind its API server. What it remembers is in a ConfigMap beside the service. */
final class KubernetesCluster implements MigratedCluster, AutoCloseable {

  private static final String NAMESPACE = "tandem";
  private static final String PROXY = "istio-proxy";
  private static final String PROGRESS = "progress.json";
  private static final String ORIGINAL_ROUTES = "original-virtualservice.json";
  private static final String ORIGINAL_SUBSETS = "original-destinationrule.json";
  private static final String ORIGINAL_TEMPLATE = "original-template.json";
  private static final String DEPRECATED_SINCE = "deprecated-since";
  private static final Duration READY_LIMIT = Duration.ofMinutes(3);
  private static final Duration EXEC_LIMIT = Duration.ofSeconds(10);
  private static final Pattern ANSWER =
      Pattern.compile("tandem-answer ([A-Za-z0-9-]+) ([\\w./]+) ([A-Z_]+ [0-9a-f-]+)");

  static final ResourceDefinitionContext VIRTUAL_SERVICE = istio("VirtualService");
  static final ResourceDefinitionContext DESTINATION_RULE = istio("DestinationRule");

  private final String name;
  private final KubernetesClient kubernetes;
  private final Clock clock;
  private final MigrationLease lease;

  KubernetesCluster(String name, KubernetesClient kubernetes, Clock clock) {
    this.name = name;
    this.kubernetes = kubernetes;
    this.clock = clock;
    this.lease = new MigrationLease(kubernetes, NAMESPACE, clock);
  }

  private static ResourceDefinitionContext istio(String kind) {
    return new ResourceDefinitionContext.Builder()
        .withGroup("networking.istio.io")
        .withVersion("v1")
        .withKind(kind)
        .withNamespaced(true)
        .build();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Problem> problems(Migration migration) {
    return asked(
        () -> {
          List<Problem> problems = new ArrayList<>();
          String service = migration.service();
          Deployment stable = deployment(service).get();
          if (stable == null) {
            problems.add(
                new Problem(
                    "%s has no Deployment %s".formatted(name, service),
                    "make up, or name a service that is deployed"));
            return problems;
          }
          if (!available(stable)) {
            problems.add(
                new Problem(
                    "%s: the Deployment %s is not available".formatted(name, service),
                    "mend it first: make status"));
          }
          if (!Track.STABLE
              .label()
              .equals(
                  stable
                      .getSpec()
                      .getTemplate()
                      .getMetadata()
                      .getLabels()
                      .get(IstioSplit.TRACK_LABEL))) {
            problems.add(
                new Problem(
                    "%s: the pods of %s have no label %s=%s"
                        .formatted(name, service, IstioSplit.TRACK_LABEL, Track.STABLE.label()),
                    "deploy the chart of this release: make up"));
          }
          if (virtualService(service).get() == null) {
            problems.add(
                new Problem(
                    "%s has no VirtualService %s".formatted(name, service), "deploy its chart"));
          }
          if (destinationRule(service).get() == null) {
            problems.add(
                new Problem(
                    "%s has no DestinationRule %s".formatted(name, service), "deploy its chart"));
          }
          if (deployment(migration.candidate()).get() != null) {
            problems.add(
                new Problem(
                    "%s has a Deployment %s that no migration knows"
                        .formatted(name, migration.candidate()),
                    "delete it: kubectl -n %s delete deployment %s"
                        .formatted(NAMESPACE, migration.candidate())));
          }
          return problems;
        });
  }

  @Override
  public Optional<Progress> progress(String service) {
    return asked(
        () ->
            Optional.ofNullable(memory(service).get())
                .map(ConfigMap::getData)
                .map(data -> data.get(PROGRESS))
                .map(ProgressJson::read));
  }

  @Override
  public void remember(Progress progress) {
    put(progress.migration().service(), Map.of(PROGRESS, ProgressJson.write(progress)), List.of());
  }

  @Override
  public void forget(String service) {
    told(() -> memory(service).delete());
  }

  @Override
  public boolean prepare(Migration migration) {
    return asked(
        () -> {
          String service = migration.service();
          Map<String, Object> subsets =
              new IstioSplit(migration, host(service))
                  .destinationRule(spec(originals(migration).get(ORIGINAL_SUBSETS)));
          if (Objects.equals(plain(specOf(destinationRule(service), service)), plain(subsets))) {
            return false;
          }
          write(destinationRule(service), subsets);
          return true;
        });
  }

  @Override
  public void withdraw(Migration migration, boolean promoted) {
    told(
        () -> {
          String service = migration.service();
          if (isPrepared(service)) {
            write(
                virtualService(service),
                new IstioSplit(migration, host(service))
                    .virtualService(
                        spec(originals(migration).get(ORIGINAL_ROUTES)),
                        promoted ? Shape.ORIGINAL : new Phase.Beside().shape(),
                        ""));
          }
        });
  }

  @Override
  public void promote(Migration migration) {
    told(
        () -> {
          String service = migration.service();
          Deployment stable = existing(service);
          if (originalTemplate(service).isEmpty()) {
            put(
                service,
                Map.of(ORIGINAL_TEMPLATE, Serialization.asJson(stable.getSpec().getTemplate())),
                List.of());
          }
          replacePods(service, CandidateDeployment.promoted(stable, migration));
        });
  }

  @Override
  public void demote(Migration migration) {
    String service = migration.service();
    told(() -> originalTemplate(service).ifPresent(pods -> replacePods(service, pods)));
  }

  private Optional<PodTemplateSpec> originalTemplate(String service) {
    return Optional.ofNullable(memory(service).get())
        .map(ConfigMap::getData)
        .map(data -> data.get(ORIGINAL_TEMPLATE))
        .map(json -> Serialization.unmarshal(json, PodTemplateSpec.class));
  }

  private void replacePods(String deployment, PodTemplateSpec template) {
    deployment(deployment)
        .edit(
            found ->
                new DeploymentBuilder(found).editSpec().withTemplate(template).endSpec().build());
    awaitAvailable(deployment);
  }

  @Override
  public void clean(Migration migration) {
    told(
        () -> {
          String service = migration.service();
          if (isPrepared(service)) {
            write(destinationRule(service), spec(originals(migration).get(ORIGINAL_SUBSETS)));
            put(
                service,
                Map.of(),
                List.of(ORIGINAL_ROUTES, ORIGINAL_SUBSETS, ORIGINAL_TEMPLATE, DEPRECATED_SINCE));
          }
        });
  }

  private boolean isPrepared(String service) {
    ConfigMap memory = memory(service).get();
    return memory != null
        && memory.getData() != null
        && memory.getData().containsKey(ORIGINAL_ROUTES);
  }

  /** Routes name the old deployment before the new one has pods, and as long as it has none. */
  @Override
  public void apply(Migration migration, Shape shape) {
    told(
        () -> {
          String service = migration.service();
          Map<String, String> originals = originals(migration);
          IstioSplit split = new IstioSplit(migration, host(service));
          Map<String, Object> routes = spec(originals.get(ORIGINAL_ROUTES));
          if (shape.candidate()) {
            if (deployment(migration.candidate()).get() == null) {
              write(
                  virtualService(service),
                  split.virtualService(routes, new Phase.Beside().shape(), ""));
              create(migration);
            }
            awaitAvailable(migration.candidate());
            write(
                virtualService(service),
                split.virtualService(routes, shape, deprecatedSince(service, shape)));
          } else {
            if (deployment(migration.candidate()).get() != null) {
              deployment(migration.candidate()).delete();
              awaitGone(migration);
            }
            write(virtualService(service), routes);
          }
        });
  }

  @Override
  public List<String> drift(Migration migration, Shape shape) {
    return asked(
        () -> {
          String service = migration.service();
          List<String> drift = new ArrayList<>();
          ConfigMap memory = memory(service).get();
          if (memory != null && memory.getData().containsKey(ORIGINAL_ROUTES)) {
            Map<String, Object> wanted =
                new IstioSplit(migration, host(service))
                    .virtualService(
                        spec(memory.getData().get(ORIGINAL_ROUTES)),
                        shape,
                        memory.getData().getOrDefault(DEPRECATED_SINCE, ""));
            GenericKubernetesResource found = virtualService(service).get();
            if (found == null || !Objects.equals(plain(found.get("spec")), plain(wanted))) {
              drift.add("%s: somebody changed the VirtualService %s".formatted(name, service));
            }
          }
          Deployment candidate = deployment(migration.candidate()).get();
          if (shape.candidate() && (candidate == null || !available(candidate))) {
            drift.add("%s: %s is not available".formatted(name, migration.candidate()));
          }
          return drift;
        });
  }

  /** Numbers and orders of keys differ between what is sent and what comes back. */
  private static Object plain(@Nullable Object value) {
    return Serialization.unmarshal(Serialization.asJson(value), Object.class);
  }

  @Override
  public Reading read(Migration migration) {
    return asked(
        () -> {
          String host = host(migration.service());
          Map<String, Map<Track, Calls>> byProxy = new HashMap<>();
          for (Pod pod : kubernetes.pods().inNamespace(NAMESPACE).list().getItems()) {
            if (hasProxy(pod) && "Running".equals(pod.getStatus().getPhase())) {
              byProxy.put(
                  pod.getMetadata().getName() + "/" + pod.getMetadata().getUid(),
                  EnvoyStats.read(statistics(pod, host), host));
            }
          }
          return new Reading(byProxy, restarts(migration));
        });
  }

  /** A sidecar is an init container that stays, where Kubernetes knows such. */
  private static boolean hasProxy(Pod pod) {
    return pod.getSpec().getInitContainers().stream().anyMatch(one -> one.getName().equals(PROXY))
        || pod.getSpec().getContainers().stream().anyMatch(one -> one.getName().equals(PROXY));
  }

  private String statistics(Pod pod, String host) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String path = "stats/prometheus?filter=" + URLEncoder.encode(EnvoyStats.filter(host), UTF_8);
    try (ExecWatch exec =
        kubernetes
            .pods()
            .inNamespace(NAMESPACE)
            .withName(pod.getMetadata().getName())
            .inContainer(PROXY)
            .writingOutput(out)
            .exec("pilot-agent", "request", "GET", path)) {
      exec.exitCode().get(EXEC_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      return out.toString(UTF_8);
    } catch (ExecutionException | TimeoutException e) {
      throw new ClusterException(
          name, "the proxy of %s does not answer".formatted(pod.getMetadata().getName()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException(name, "interrupted", e);
    }
  }

  private int restarts(Migration migration) {
    return pods(migration, Track.CANDIDATE).stream()
        .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
        .mapToInt(ContainerStatus::getRestartCount)
        .sum();
  }

  @Override
  public List<Answer> answers(Migration migration, Track track, Instant since) {
    return asked(
        () -> {
          List<Answer> answers = new ArrayList<>();
          for (Pod pod : pods(migration, track)) {
            String log =
                kubernetes
                    .pods()
                    .inNamespace(NAMESPACE)
                    .withName(pod.getMetadata().getName())
                    .inContainer(pod.getSpec().getContainers().getFirst().getName())
                    .sinceTime(since.truncatedTo(ChronoUnit.SECONDS).toString())
                    .getLog();
            Matcher line = ANSWER.matcher(log);
            while (line.find()) {
              answers.add(new Answer(line.group(1), line.group(2), line.group(3)));
            }
          }
          return answers;
        });
  }

  @Override
  public Optional<Holder> claim(String service, String owner) {
    return asked(() -> lease.claim(leaseName(service), owner));
  }

  @Override
  public void release(String service, String owner) {
    told(() -> lease.release(leaseName(service), owner));
  }

  /** The services that are being migrated here. */
  List<String> migrations() {
    return asked(
        () ->
            kubernetes
                .configMaps()
                .inNamespace(NAMESPACE)
                .withLabel("tandem.dev/migration")
                .list()
                .getItems()
                .stream()
                .filter(map -> map.getData() != null && map.getData().containsKey(PROGRESS))
                .map(map -> map.getMetadata().getLabels().get("tandem.dev/migration"))
                .toList());
  }

  private List<Pod> pods(Migration migration, Track track) {
    Map<String, String> labels =
        new HashMap<>(
            Objects.requireNonNull(deployment(migration.service()).get())
                .getSpec()
                .getSelector()
                .getMatchLabels());
    labels.put(IstioSplit.TRACK_LABEL, track.label());
    return kubernetes.pods().inNamespace(NAMESPACE).withLabels(labels).list().getItems();
  }

  /** What was there before; kept with the first change, whoever dies after it. */
  private Map<String, String> originals(Migration migration) {
    String service = migration.service();
    ConfigMap memory = memory(service).get();
    if (memory != null
        && memory.getData() != null
        && memory.getData().containsKey(ORIGINAL_ROUTES)) {
      return memory.getData();
    }
    Map<String, String> originals =
        Map.of(
            ORIGINAL_ROUTES, Serialization.asJson(specOf(virtualService(service), service)),
            ORIGINAL_SUBSETS, Serialization.asJson(specOf(destinationRule(service), service)));
    put(service, originals, List.of());
    return originals;
  }

  private String deprecatedSince(String service, Shape shape) {
    if (shape.oldVersion() == OldVersion.ACTIVE) {
      return "";
    }
    ConfigMap memory = memory(service).get();
    String known =
        memory == null || memory.getData() == null ? null : memory.getData().get(DEPRECATED_SINCE);
    if (known != null) {
      return known;
    }
    // RFC 9745: a structured date, seconds since 1970 after an "@".
    String since = "@" + clock.instant().truncatedTo(ChronoUnit.DAYS).getEpochSecond();
    put(service, Map.of(DEPRECATED_SINCE, since), List.of());
    return since;
  }

  private void create(Migration migration) {
    kubernetes
        .apps()
        .deployments()
        .inNamespace(NAMESPACE)
        .resource(CandidateDeployment.of(existing(migration.service()), migration))
        .create();
  }

  private Deployment existing(String deployment) {
    Deployment found = deployment(deployment).get();
    if (found == null) {
      throw new ClusterException(name, "there is no Deployment " + deployment);
    }
    return found;
  }

  private void awaitAvailable(String deployment) {
    Instant limit = clock.instant().plus(READY_LIMIT);
    while (true) {
      Deployment found = deployment(deployment).get();
      if (found != null && available(found)) {
        return;
      }
      whatIsWrong(deployment)
          .ifPresent(
              reason -> {
                throw new ClusterException(
                    name, "%s does not start: %s".formatted(deployment, reason));
              });
      if (clock.instant().isAfter(limit)) {
        throw new ClusterException(
            name, "%s is not available after %s".formatted(deployment, READY_LIMIT));
      }
      sleep();
    }
  }

  /** Reasons that waiting does not mend. */
  private Optional<String> whatIsWrong(String deployment) {
    return kubernetes
        .pods()
        .inNamespace(NAMESPACE)
        .withLabel(IstioSplit.TRACK_LABEL, Track.CANDIDATE.label())
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getName().startsWith(deployment + "-"))
        .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
        .map(ContainerStatus::getState)
        .map(ContainerState::getWaiting)
        .filter(Objects::nonNull)
        .map(waiting -> String.valueOf(waiting.getReason()))
        .filter(
            List.of("CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "InvalidImageName")
                ::contains)
        .findFirst();
  }

  private void awaitGone(Migration migration) {
    Instant limit = clock.instant().plus(READY_LIMIT);
    while (deployment(migration.candidate()).get() != null) {
      if (clock.instant().isAfter(limit)) {
        throw new ClusterException(name, migration.candidate() + " does not go away");
      }
      sleep();
    }
  }

  /** Whether it has all its pods, up to date, and no older ones. */
  private static boolean available(Deployment deployment) {
    return deployment.getStatus() != null
        && Objects.equals(
            deployment.getStatus().getObservedGeneration(),
            deployment.getMetadata().getGeneration())
        && Objects.equals(deployment.getStatus().getReplicas(), deployment.getSpec().getReplicas())
        && Objects.equals(
            deployment.getStatus().getAvailableReplicas(), deployment.getSpec().getReplicas())
        && Objects.equals(
            deployment.getStatus().getUpdatedReplicas(), deployment.getSpec().getReplicas());
  }

  private void sleep() {
    try {
      Thread.sleep(Duration.ofMillis(250));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException(name, "interrupted", e);
    }
  }

  private void put(String service, Map<String, String> added, List<String> removed) {
    told(
        () -> {
          Resource<ConfigMap> memory = memory(service);
          ConfigMap found = memory.get();
          Map<String, String> data =
              new HashMap<>(found == null || found.getData() == null ? Map.of() : found.getData());
          data.putAll(added);
          removed.forEach(data::remove);
          if (found == null) {
            if (!data.isEmpty()) {
              kubernetes
                  .configMaps()
                  .inNamespace(NAMESPACE)
                  .resource(memory(service, data))
                  .create();
            }
          } else {
            found.setData(data);
            // With the version that was read: two commands cannot overwrite each other.
            kubernetes.configMaps().inNamespace(NAMESPACE).resource(found).update();
          }
        });
  }

  private static ConfigMap memory(String service, Map<String, String> data) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(leaseName(service))
        .withNamespace(NAMESPACE)
        .withLabels(
            Map.of(
                "tandem.dev/migration", service,
                "app.kubernetes.io/managed-by", "tandem-migrate",
                "app.kubernetes.io/part-of", "tandem"))
        .endMetadata()
        .withData(data)
        .build();
  }

  private static String leaseName(String service) {
    return "tandem-migration-" + service;
  }

  private static String host(String service) {
    return "%s.%s.svc.cluster.local".formatted(service, NAMESPACE);
  }

  private Resource<ConfigMap> memory(String service) {
    return kubernetes.configMaps().inNamespace(NAMESPACE).withName(leaseName(service));
  }

  private RollableScalableResource<Deployment> deployment(String deployment) {
    return kubernetes.apps().deployments().inNamespace(NAMESPACE).withName(deployment);
  }

  private Resource<GenericKubernetesResource> virtualService(String service) {
    return kubernetes
        .genericKubernetesResources(VIRTUAL_SERVICE)
        .inNamespace(NAMESPACE)
        .withName(service);
  }

  private Resource<GenericKubernetesResource> destinationRule(String service) {
    return kubernetes
        .genericKubernetesResources(DESTINATION_RULE)
        .inNamespace(NAMESPACE)
        .withName(service);
  }

  private Map<String, Object> specOf(Resource<GenericKubernetesResource> resource, String service) {
    GenericKubernetesResource found = resource.get();
    if (found == null) {
      throw new ClusterException(
          name, "the VirtualService or DestinationRule of %s is gone".formatted(service));
    }
    return IstioSplit.map(found.get("spec"));
  }

  private static Map<String, Object> spec(@Nullable String json) {
    return IstioSplit.map(Serialization.unmarshal(String.valueOf(json), Map.class));
  }

  private static void write(
      Resource<GenericKubernetesResource> resource, Map<String, Object> spec) {
    resource.edit(
        found -> {
          found.setAdditionalProperty("spec", spec);
          return found;
        });
  }

  /** Whatever the client throws names the cluster from here on. */
  private <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (KubernetesClientException | IllegalArgumentException e) {
      throw new ClusterException(name, reason(e), e);
    }
  }

  private void told(Runnable change) {
    try {
      change.run();
    } catch (KubernetesClientException | IllegalArgumentException e) {
      throw new ClusterException(name, reason(e), e);
    }
  }

  private static String reason(RuntimeException error) {
    return error instanceof KubernetesClientException refused
            && refused.getStatus() != null
            && refused.getStatus().getMessage() != null
        ? refused.getStatus().getMessage()
        : String.valueOf(error.getMessage());
  }

  @Override
  public void close() {
    kubernetes.close();
  }
}

package dev.tandem.cli.migrate;

import dev.tandem.cli.migrate.MigratedCluster.Holder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The right to change a service's routes, as a Lease: Kubernetes' own record of who is at work. The
 * API server decides between two who want it (a Lease is updated with the version that was read).
 */
final class MigrationLease {

  /** A command that has not renewed for so long is dead. */
  private static final Duration DURATION = Duration.ofSeconds(30);

  private final KubernetesClient kubernetes;
  private final String namespace;
  private final Clock clock;

  MigrationLease(KubernetesClient kubernetes, String namespace, Clock clock) {
    this.kubernetes = kubernetes;
    this.namespace = namespace;
    this.clock = clock;
  }

  Optional<Holder> claim(String name, String owner) {
    Lease found = kubernetes.leases().inNamespace(namespace).withName(name).get();
    Optional<Holder> other = holder(found).filter(holder -> isAlive(holder, owner));
    if (other.isPresent()) {
      return other;
    }
    try {
      if (found == null) {
        kubernetes.leases().inNamespace(namespace).resource(lease(name, owner)).create();
      } else {
        found.getSpec().setHolderIdentity(owner);
        found.getSpec().setRenewTime(now());
        kubernetes.leases().inNamespace(namespace).resource(found).update();
      }
      return Optional.empty();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return Optional.of(new Holder("another command that began just now", clock.instant()));
      }
      throw e;
    }
  }

  void release(String name, String owner) {
    Lease found = kubernetes.leases().inNamespace(namespace).withName(name).get();
    if (holder(found).filter(holder -> holder.owner().equals(owner)).isPresent()) {
      kubernetes.leases().inNamespace(namespace).withName(name).delete();
    }
  }

  private boolean isAlive(Holder holder, String owner) {
    return !holder.owner().equals(owner)
        && holder.renewed().plus(DURATION).isAfter(clock.instant());
  }

  private static Optional<Holder> holder(@Nullable Lease lease) {
    if (lease == null || lease.getSpec() == null || lease.getSpec().getHolderIdentity() == null) {
      return Optional.empty();
    }
    ZonedDateTime renewed = lease.getSpec().getRenewTime();
    return Optional.of(
        new Holder(
            lease.getSpec().getHolderIdentity(),
            renewed == null ? Instant.EPOCH : renewed.toInstant()));
  }

  private Lease lease(String name, String owner) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .addToLabels("app.kubernetes.io/managed-by", "tandem-migrate")
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(owner)
        .withLeaseDurationSeconds((int) DURATION.toSeconds())
        .withAcquireTime(now())
        .withRenewTime(now())
        .endSpec()
        .build();
  }

  private ZonedDateTime now() {
    return ZonedDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
  }
}

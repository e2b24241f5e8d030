package dev.tandem.topology;

import dev.tandem.topology.Diagnostic.Position;
import dev.tandem.topology.Field.Present;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Checks what the entries of {@code clusters} say about each other. */
final class References {

  private final Findings findings;
  private final List<ClusterEntry> entries;
  private final Map<String, ClusterEntry> byName = new LinkedHashMap<>();

  References(List<ClusterEntry> entries, Findings findings) {
    this.findings = findings;
    this.entries = entries;
    for (ClusterEntry entry : entries) {
      entry.name().present().ifPresent(name -> byName.putIfAbsent(name.value(), entry));
    }
  }

  void check(Field<String> databaseCluster, Field<String> telemetryCluster) {
    checkUnique("name", ClusterEntry::name);
    checkUnique("network", ClusterEntry::network);
    checkUnique("context", ClusterEntry::context);
    entries.forEach(this::checkControlPlane);
    checkKnown("the database's", databaseCluster);
    // Without one of its own it is the database's, which has been reported.
    if (!telemetryCluster.equals(databaseCluster)) {
      checkKnown("the telemetry's", telemetryCluster);
    }
  }

  private void checkKnown(String whose, Field<String> cluster) {
    cluster
        .present()
        .filter(name -> !byName.isEmpty() && !byName.containsKey(name.value()))
        .ifPresent(
            name ->
                findings.add(
                    name.position(),
                    "%s cluster \"%s\" is not among the clusters".formatted(whose, name.value()),
                    Suggestion.among(name.value(), byName.keySet())));
  }

  /** A network or context that comes from the name repeats with it; the name is reported. */
  private void checkUnique(String key, Function<ClusterEntry, Field<String>> property) {
    Map<String, Position> seen = new HashMap<>();
    for (ClusterEntry entry : entries) {
      Optional<Present<String>> value = property.apply(entry).present();
      if (value.isEmpty() || (isDerived(key, entry, value.get()) && isRepeated(entry))) {
        continue;
      }
      Position first = seen.putIfAbsent(value.get().value(), value.get().position());
      if (first != null) {
        findings.add(
            value.get().position(),
            "%s \"%s\" of %s is taken already, in line %d"
                .formatted(key, value.get().value(), entry.label(), first.line()),
            "every cluster has a %s of its own: choose another one".formatted(key));
      }
    }
  }

  /** A value that nobody wrote stands where the name stands that it comes from. */
  private static boolean isDerived(String key, ClusterEntry entry, Present<String> value) {
    return !key.equals("name")
        && entry
            .name()
            .present()
            .filter(name -> name.position().equals(value.position()))
            .isPresent();
  }

  private boolean isRepeated(ClusterEntry entry) {
    return entry
        .name()
        .present()
        .map(name -> byName.get(name.value()))
        .filter(first -> first.index() != entry.index())
        .isPresent();
  }

  private void checkControlPlane(ClusterEntry entry) {
    Optional<Present<String>> controlPlane = remotePrimary(entry);
    if (controlPlane.isEmpty() || entry.name().present().isEmpty()) {
      return;
    }
    String primary = controlPlane.get().value();
    Position at = controlPlane.get().position();
    ClusterEntry target = byName.get(primary);
    List<String> path = pathFrom(entry);
    if (target == null) {
      findings.add(
          at,
          "the control plane \"%s\" of %s is not among the clusters"
              .formatted(primary, entry.label()),
          Suggestion.among(primary, choices()));
    } else if (primary.equals(path.getFirst())) {
      findings.add(
          at,
          "%s names itself as its control plane".formatted(entry.label()),
          "write controlPlane: primary");
    } else if (path.getLast().equals(path.getFirst())) {
      findings.add(
          at,
          "the control plane of %s is a cycle: %s"
              .formatted(entry.label(), String.join(" → ", path)),
          "give one of them controlPlane: primary");
    } else if (remotePrimary(target).isPresent()) {
      findings.add(
          at,
          "the control plane of %s is %s, which is a remote itself"
              .formatted(entry.label(), primary),
          Suggestion.among(primary, choices()));
    }
  }

  /** The names from this cluster along control planes to a primary, or to a name seen before. */
  private List<String> pathFrom(ClusterEntry start) {
    List<String> path = new ArrayList<>();
    ClusterEntry current = start;
    while (current != null) {
      String name = current.name().value();
      boolean seen = path.contains(name);
      path.add(name);
      current =
          seen ? null : remotePrimary(current).map(next -> byName.get(next.value())).orElse(null);
    }
    return path;
  }

  private static Optional<Present<String>> remotePrimary(ClusterEntry entry) {
    return entry
        .controlPlane()
        .present()
        .filter(text -> !text.value().equals(ClusterEntry.PRIMARY));
  }

  /** What controlPlane may say: primary, or the name of a cluster that is one. */
  private List<String> choices() {
    List<String> choices = new ArrayList<>(List.of(ClusterEntry.PRIMARY));
    byName.forEach(
        (name, entry) -> {
          if (remotePrimary(entry).isEmpty()) {
            choices.add(name);
          }
        });
    return choices;
  }
}

package dev.tandem.e2e;

import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Undo;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Objects that a cluster has for as long as a proof lasts.
 *
 * @param file as kubectl takes it
 */
record Manifest(Path file) {

  /** One of those that are beside the proofs. */
  static Manifest of(String name) {
    URL resource = Objects.requireNonNull(Manifest.class.getResource(name), name);
    try {
      return new Manifest(Path.of(resource.toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException("not a file: " + resource, e);
    }
  }

  /** Creates them; {@code undo} removes them. */
  void applyTo(LiveCluster cluster, Undo undo) {
    undo.add(
        "remove %s from %s".formatted(file.getFileName(), cluster.name()),
        () -> cluster.kubectl().run("delete", "--ignore-not-found", "--filename=" + file).orFail());
    cluster.kubectl().run("apply", "--filename=" + file).orFail();
  }
}

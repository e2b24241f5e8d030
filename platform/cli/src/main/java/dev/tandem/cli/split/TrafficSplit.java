package dev.tandem.cli.split;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A TrafficSplit of the Service Mesh Interface (split.smi-spec.io, v1alpha1 to v1alpha4), which was
 * archived in 2023. Those who have some keep them and let them be translated.
 *
 * @param namespace of the services
 * @param service whose callers are shared out
 * @param backends the services that answer them, with weights that add up to 100
 */
record TrafficSplit(String name, String namespace, String service, List<Backend> backends) {

  private static final String GROUP = "split.smi-spec.io/";
  private static final int WHOLE = 100;

  record Backend(String service, int weight) {
    Backend {
      if (weight < 0 || weight > WHOLE) {
        throw new IllegalArgumentException(
            "the weight of %s is %d: it must be 0 to 100".formatted(service, weight));
      }
    }
  }

  TrafficSplit {
    backends = List.copyOf(backends);
    int sum = backends.stream().mapToInt(Backend::weight).sum();
    if (sum != WHOLE) {
      throw new IllegalArgumentException(
          "the weights add up to %d: they must add up to 100".formatted(sum));
    }
    Set<String> services = new HashSet<>();
    for (Backend backend : backends) {
      if (!services.add(backend.service())) {
        throw new IllegalArgumentException(
            "%s is named twice: once is enough".formatted(backend.service()));
      }
    }
  }

  /**
   * @throws IllegalArgumentException when it is none; the message says what is wrong
   */
  static TrafficSplit parse(String yaml) {
    Map<?, ?> root = map("the file", load(yaml));
    if (!text("apiVersion", root).startsWith(GROUP) || !text("kind", root).equals("TrafficSplit")) {
      throw new IllegalArgumentException(
          "it is a %s of %s: it must be a TrafficSplit of %sv1alpha4"
              .formatted(text("kind", root), text("apiVersion", root), GROUP));
    }
    Map<?, ?> metadata = map("metadata", root.get("metadata"));
    Map<?, ?> spec = map("spec", root.get("spec"));
    if (spec.containsKey("matches")) {
      throw new IllegalArgumentException(
          "spec.matches needs an HTTPRouteGroup, which is not translated: write a route of your"
              + " mesh");
    }
    List<Backend> backends = new ArrayList<>();
    if (!(spec.get("backends") instanceof List<?> entries)) {
      throw new IllegalArgumentException("spec.backends must be a list");
    }
    for (Object entry : entries) {
      Map<?, ?> backend = map("each of spec.backends", entry);
      if (!(backend.get("weight") instanceof Integer weight)) {
        throw new IllegalArgumentException("each of spec.backends needs a weight, a whole number");
      }
      backends.add(new Backend(text("service", backend), weight));
    }
    return new TrafficSplit(
        text("name", metadata),
        metadata.get("namespace") instanceof String namespace ? namespace : "default",
        text("service", spec),
        backends);
  }

  private static @Nullable Object load(String yaml) {
    try {
      return new Load(LoadSettings.builder().build()).loadFromString(yaml);
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException("it is no YAML: " + e.getMessage(), e);
    }
  }

  private static Map<?, ?> map(String what, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException(what + " must be a mapping");
  }

  private static String text(String key, Map<?, ?> map) {
    if (map.get(key) instanceof String text && !text.isBlank()) {
      return text;
    }
    throw new IllegalArgumentException(key + " is missing");
  }
}

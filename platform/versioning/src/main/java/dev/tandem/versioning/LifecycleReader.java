package dev.tandem.versioning;

import dev.tandem.versioning.YamlNodes.Entry;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads the text of one {@code lifecycle.yaml}, whose keys the README of proto/ explains. */
final class LifecycleReader {

  static final String FORMAT = "tandem.dev/v1";

  private static final List<String> FILE_KEYS = List.of("apiVersion", "packages");
  private static final List<String> PACKAGE_KEYS =
      List.of("state", "deprecated", "sunset", "successor", "link");
  private static final List<String> STATES = List.of("ACTIVE", "DEPRECATED", "RETIRED");

  /** As buf's rule PACKAGE_VERSION_SUFFIX has it. */
  private static final Pattern PACKAGE =
      Pattern.compile(
          "[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*\\.v[1-9][0-9]*((alpha|beta)[1-9][0-9]*)?");

  /** What announces nothing: dates and places belong to versions that end. */
  private static final List<String> ANNOUNCING_KEYS = PACKAGE_KEYS.subList(1, PACKAGE_KEYS.size());

  private final String text;
  private final YamlNodes nodes;

  private final Set<String> listed = new HashSet<>();

  /** Successors wait here until all packages are known. */
  private final Map<String, Entry> successors = new HashMap<>();

  LifecycleReader(String file, String text) {
    this.text = text;
    this.nodes = new YamlNodes(file);
  }

  LifecycleReading read() {
    Map<String, ApiState> states = nodes.root(text).map(this::file).orElseGet(Map::of);
    successors.forEach((name, entry) -> checkSuccessor(name, entry, states));
    return nodes.isSound()
        ? new LifecycleReading.Valid(new Lifecycle(states))
        : new LifecycleReading.Invalid(nodes.mistakes());
  }

  private Map<String, ApiState> file(MappingNode root) {
    Map<String, Entry> entries = nodes.entries(root, "the file");
    nodes.reportUnknown(entries, FILE_KEYS, "the file");
    Entry version = entries.get("apiVersion");
    if (version == null) {
      nodes.report(root, "the file has no apiVersion", "add: apiVersion: " + FORMAT);
    } else {
      nodes
          .text(version, "the file")
          .filter(written -> !written.equals(FORMAT))
          .ifPresent(
              written ->
                  nodes.report(
                      version.value(),
                      "apiVersion \"%s\" is not one that this release reads".formatted(written),
                      "write apiVersion: " + FORMAT));
    }
    Entry packages = entries.get("packages");
    if (packages == null) {
      nodes.report(root, "the file has no packages", "add packages: and each below it by its name");
      return Map.of();
    }
    return nodes.mapping(packages.value(), "packages").map(this::packages).orElseGet(Map::of);
  }

  private Map<String, ApiState> packages(MappingNode packages) {
    Map<String, ApiState> states = new HashMap<>();
    nodes
        .entries(packages, "packages")
        .forEach(
            (name, entry) -> {
              listed.add(name);
              if (!PACKAGE.matcher(name).matches()) {
                nodes.report(
                    entry.key(),
                    "\"%s\" is not the name of a package version".formatted(name),
                    "write its full name with the version, such as tandem.user.v1");
              }
              nodes
                  .mapping(entry.value(), name)
                  .flatMap(mapping -> state(name, entry, mapping))
                  .ifPresent(state -> states.put(name, state));
            });
    return states;
  }

  private Optional<ApiState> state(String name, Entry place, MappingNode mapping) {
    Map<String, Entry> entries = nodes.entries(mapping, name);
    nodes.reportUnknown(entries, PACKAGE_KEYS, name);
    Entry state = entries.get("state");
    if (state == null) {
      nodes.report(
          place.key(),
          name + " has no state",
          "add state: and one of " + String.join(", ", STATES));
      return Optional.empty();
    }
    return nodes
        .text(state, name)
        .flatMap(
            word ->
                switch (word) {
                  case "ACTIVE" -> active(name, entries);
                  case "DEPRECATED" ->
                      announcement(name, place, entries).map(ApiState.Sunsetting::new);
                  case "RETIRED" -> announcement(name, place, entries).map(ApiState.Retired::new);
                  default -> {
                    nodes.report(
                        state.value(),
                        "unknown state \"%s\" of %s".formatted(word, name),
                        "choose from: " + String.join(", ", STATES));
                    yield Optional.empty();
                  }
                });
  }

  private Optional<ApiState> active(String name, Map<String, Entry> entries) {
    for (String key : ANNOUNCING_KEYS) {
      Entry entry = entries.get(key);
      if (entry != null) {
        nodes.report(
            entry.key(),
            "%s of %s would not be announced: it is ACTIVE".formatted(key, name),
            "remove the line, or write state: DEPRECATED");
      }
    }
    return Optional.of(new ApiState.Active());
  }

  private Optional<Announcement> announcement(
      String name, Entry place, Map<String, Entry> entries) {
    Optional<LocalDate> deprecated = required("deprecated", name, place, entries, this::date);
    Optional<LocalDate> sunset = required("sunset", name, place, entries, this::date);
    Optional<String> successor =
        optional("successor", entries).flatMap(entry -> successor(name, entry));
    Optional<URI> link = optional("link", entries).flatMap(entry -> link(entry, name));
    if (!entries.containsKey("successor") && !entries.containsKey("link")) {
      nodes.report(
          place.key(),
          name + " does not say where its callers go",
          "add successor: and the package that replaces it, or link: and a page that says what to do");
      return Optional.empty();
    }
    if (deprecated.isEmpty() || sunset.isEmpty() || (successor.isEmpty() && link.isEmpty())) {
      return Optional.empty();
    }
    if (sunset.get().isBefore(deprecated.get())) {
      nodes.report(
          Objects.requireNonNull(entries.get("sunset"), "it was read").value(),
          "%s would end on %s, before it is deprecated on %s"
              .formatted(name, sunset.get(), deprecated.get()),
          "write a later sunset (RFC 9745, section 4)");
      return Optional.empty();
    }
    return Optional.of(new Announcement(deprecated.get(), sunset.get(), successor, link));
  }

  private Optional<String> successor(String name, Entry entry) {
    Optional<String> successor = nodes.text(entry, name);
    successor.ifPresent(_ -> successors.put(name, entry));
    return successor;
  }

  private void checkSuccessor(String name, Entry entry, Map<String, ApiState> states) {
    String successor = ((ScalarNode) entry.value()).getValue();
    if (successor.equals(name)) {
      nodes.report(entry.value(), name + " succeeds itself", "name another package");
    } else if (!listed.contains(successor)) {
      nodes.report(
          entry.value(),
          "the successor \"%s\" of %s is not listed".formatted(successor, name),
          "list it under packages, or correct its name");
    } else if (states.get(successor) instanceof ApiState.Retired) {
      nodes.report(
          entry.value(),
          "the successor %s of %s is RETIRED itself".formatted(successor, name),
          "name one that callers can use");
    }
  }

  private static Optional<Entry> optional(String key, Map<String, Entry> entries) {
    return Optional.ofNullable(entries.get(key));
  }

  private <T> Optional<T> required(
      String key,
      String name,
      Entry place,
      Map<String, Entry> entries,
      Function<Entry, Optional<T>> reader) {
    Entry entry = entries.get(key);
    if (entry == null) {
      nodes.report(
          place.key(), "%s has no %s".formatted(name, key), "add %s: 2027-06-01".formatted(key));
      return Optional.empty();
    }
    return reader.apply(entry);
  }

  private Optional<LocalDate> date(Entry entry) {
    String key = entry.key().getValue();
    return nodes
        .text(entry, "a package")
        .flatMap(
            written -> {
              try {
                return Optional.of(LocalDate.parse(written));
              } catch (DateTimeParseException _) {
                nodes.report(
                    entry.value(),
                    "%s \"%s\" is not a date".formatted(key, written),
                    "write year, month and day: 2027-06-01");
                return Optional.empty();
              }
            });
  }

  private Optional<URI> link(Entry entry, String name) {
    return nodes
        .text(entry, name)
        .flatMap(
            written -> {
              try {
                URI uri = new URI(written);
                if ("https".equals(uri.getScheme()) && uri.getHost() != null) {
                  // What goes into metadata is ASCII.
                  return Optional.of(URI.create(uri.toASCIIString()));
                }
              } catch (URISyntaxException _) {
                // Reported below, like any other text that is no such link.
              }
              nodes.report(
                  entry.value(),
                  "link \"%s\" of %s is not an https address".formatted(written, name),
                  "write a whole one, such as https://example.com/user-v2");
              return Optional.empty();
            });
  }
}

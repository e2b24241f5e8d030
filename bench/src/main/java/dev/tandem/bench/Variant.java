package dev.tandem.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A server to be measured.
 *
 * @param name for people
 * @param runtime the folder of its Java
 * @param folder in which it runs
 * @param options of the JVM, besides those that all have
 * @param program what the JVM runs, and its arguments; {@value #PORT} stands for the port
 * @param environment besides what all have
 */
record Variant(
    String name,
    Path runtime,
    Path folder,
    List<String> options,
    List<String> program,
    Map<String, String> environment) {

  static final String PORT = "PORT";

  private static final Path THIS_RUNTIME = Path.of(System.getProperty("java.home"));

  /** What all measurements of the user service have in common. */
  private static final Map<String, String> EVERYTHING_ON =
      Map.of(
          "TANDEM_AUTH_ENABLED", "true",
          // A limit that no load reaches.
          "TANDEM_RATELIMIT_LIMIT", "10000000/s burst 10000000");

  Variant {
    options = List.copyOf(options);
    program = List.copyOf(program);
    environment = Map.copyOf(environment);
  }

  /** grpc-java alone. */
  static Variant bare(String name, String... arguments) {
    return new Variant(
        name,
        THIS_RUNTIME,
        Path.of("").toAbsolutePath(),
        List.of(),
        Stream.concat(
                Stream.of(
                    "-cp", System.getProperty("java.class.path"), BareServer.class.getName(), PORT),
                Stream.of(arguments))
            .toList(),
        Map.of());
  }

  /** The user service with everything switched on, from the folder that Quarkus packs it into. */
  static Variant service(String name, Path application) {
    return new Variant(
        name,
        THIS_RUNTIME,
        application,
        List.of(),
        List.of("-jar", application.resolve("quarkus-run.jar").toString()),
        EVERYTHING_ON);
  }

  /** This one, with something else in its environment. */
  Variant with(String otherName, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return new Variant(otherName, runtime, folder, options, program, all);
  }

  /** This one, on another Java and with more options of it. */
  Variant on(Path otherRuntime, String... more) {
    return new Variant(name, otherRuntime, folder, List.of(more), program, environment);
  }
}

package dev.tandem.e2e.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What figures were measured on: without it they mean nothing. */
final class Machine {
  private Machine() {}

  /** Processors, memory, system, in one phrase. */
  static String describe() {
    return "%d cores (%s), %s, Linux %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            field("/proc/cpuinfo", "model name"),
            memory(),
            System.getProperty("os.version"));
  }

  private static String memory() {
    String kibibytes = field("/proc/meminfo", "MemTotal").replaceAll("\\D", "");
    return kibibytes.isEmpty()
        ? "memory unknown"
        : "%.0f GiB of memory".formatted(Long.parseLong(kibibytes) / 1024.0 / 1024.0);
  }

  private static String field(String file, String name) {
    try (var lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}

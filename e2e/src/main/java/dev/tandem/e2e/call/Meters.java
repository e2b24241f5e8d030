package dev.tandem.e2e.call;

import dev.tandem.e2e.tool.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** What a pod says of itself when Prometheus asks it, at one moment. */
public final class Meters {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int PORT = 8080;

  private final List<String> lines;

  private Meters(List<String> lines) {
    this.lines = List.copyOf(lines);
  }

  /** Asks a pod, past its sidecar. */
  public static Meters of(Tool kubectl, String namespace, String pod) {
    try (Tunnel tunnel = Tunnel.open(kubectl, namespace, pod, PORT);
        HttpClient http = HttpClient.newHttpClient()) {
      URI address = URI.create("http://127.0.0.1:%d/metrics".formatted(tunnel.localPort()));
      var answer =
          http.send(HttpRequest.newBuilder(address).timeout(LIMIT).build(), BodyHandlers.ofLines());
      if (answer.statusCode() != 200) {
        throw new AssertionError(
            "pod %s answers a scrape with %d".formatted(pod, answer.statusCode()));
      }
      return read(answer.body().toList());
    } catch (IOException e) {
      throw new UncheckedIOException("pod %s cannot be scraped".formatted(pod), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while scraping pod " + pod, e);
    }
  }

  /** The lines of Prometheus' text format. */
  static Meters read(List<String> lines) {
    return new Meters(lines.stream().filter(line -> !line.startsWith("#")).toList());
  }

  /**
   * The sum of a meter's series.
   *
   * @param name the meter's whole name
   * @param labels each {@code name="value"}; a series has all of them
   */
  public double sum(String name, String... labels) {
    return lines.stream()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> List.of(labels).stream().allMatch(label -> has(line, label)))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static boolean has(String line, String label) {
    return line.contains("{" + label) || line.contains("," + label);
  }
}

package dev.tandem.e2e.call;

import dev.tandem.e2e.tool.Tool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A local port that leads to a pod's port: kubectl port-forward. It reaches the container past its
 * sidecar.
 */
public final class Tunnel implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Pattern READY =
      Pattern.compile("Forwarding from 127\\.0\\.0\\.1:(\\d+) -> .*");

  private final Process process;
  private final Queue<String> said = new ConcurrentLinkedQueue<>();
  private final int localPort;

  private Tunnel(Process process, String pod) {
    this.process = process;
    CompletableFuture<Integer> port = new CompletableFuture<>();
    // Not virtual: reading a process' pipe holds the carrier, and two tunnels would hold all of a
    // machine with two cores.
    Thread.ofPlatform().daemon().name("tunnel-" + pod).start(() -> read(port));
    try {
      localPort = port.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      process.destroy();
      throw new AssertionError(
          "no tunnel to pod %s: kubectl port-forward said: %s".formatted(pod, said), e);
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while opening a tunnel to pod " + pod, e);
    }
  }

  /** Opens one to a pod. */
  public static Tunnel open(Tool kubectl, String namespace, String pod, int port) {
    ProcessBuilder builder =
        new ProcessBuilder(
                kubectl.line(
                    "--namespace",
                    namespace,
                    "port-forward",
                    "--address=127.0.0.1",
                    "pod/" + pod,
                    ":" + port))
            .redirectErrorStream(true);
    try {
      return new Tunnel(builder.start(), pod);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run kubectl", e);
    }
  }

  /** Where it begins, on 127.0.0.1. */
  public int localPort() {
    return localPort;
  }

  boolean alive() {
    return process.isAlive();
  }

  /** What kubectl said, for people who wonder why the tunnel broke. */
  String said() {
    return String.join("; ", said);
  }

  @Override
  public void close() {
    process.destroy();
  }

  private void read(CompletableFuture<Integer> port) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher matcher = READY.matcher(line);
        if (matcher.matches()) {
          port.complete(Integer.valueOf(matcher.group(1)));
        } else if (!line.startsWith("Handling connection")) {
          said.add(line);
        }
      }
    } catch (IOException e) {
      said.add(e.toString());
    }
    port.completeExceptionally(new IOException("kubectl port-forward ended"));
  }
}

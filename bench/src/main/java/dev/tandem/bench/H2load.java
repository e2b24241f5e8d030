package dev.tandem.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * <a href="https://nghttp2.org/documentation/h2load.1.html">h2load</a>, nghttp2's load generator.
 * It is written in C and takes a fraction of what the server takes for a call: client and server
 * share the machine, and what the client takes is no difference between two servers.
 *
 * <p>It sees HTTP/2, not gRPC: that calls succeeded is known from the bytes of their replies, which
 * a call that fails does not have.
 */
final class H2load {

  /** Connections, and calls at a time on each. */
  private static final int CONNECTIONS = 8;

  private static final int CALLS_EACH = 16;

  /** Calls that are under way when the time is over are not counted by both sides alike. */
  private static final double COUNTED = 0.99;

  private static final Pattern REQUESTS =
      Pattern.compile("requests: (\\d+) total, (\\d+) started, (\\d+) done, (\\d+) succeeded");
  private static final Pattern RATE = Pattern.compile("finished in [^,]+, ([0-9.]+) req/s");
  private static final Pattern DATA = Pattern.compile("\\((\\d+)\\) data");

  private final Path folder;
  private final Path request;
  private final List<String> headers;
  private final int replyBytes;
  private final Processes processes;

  /**
   * A generator of one call.
   *
   * @param request the call's message as it is on the wire
   * @param replyBytes how long the reply's is
   * @param headers each "name: value"
   */
  H2load(Path folder, byte[] request, int replyBytes, List<String> headers, Processes processes)
      throws IOException {
    this.folder = folder;
    this.request = Files.write(folder.resolve("request"), request);
    this.headers = List.copyOf(headers);
    this.replyBytes = replyBytes;
    this.processes = processes;
  }

  /** As much as the server does, with a fixed number of calls under way (closed loop). */
  Load most(Server server, Duration span) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("h2load", "--data=" + request, "--duration=" + span.toSeconds()));
    command.addAll(List.of("--clients=" + CONNECTIONS, "--max-concurrent-streams=" + CALLS_EACH));
    headers.forEach(header -> command.addAll(List.of("--header", header)));
    command.add("http://127.0.0.1:" + server.port() + "/" + UserCalls.GET_USER);
    Duration before = server.processorTime();
    Process process =
        processes.start(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("h2load.log").toFile()));
    if (!process.waitFor(span.toSeconds() + 30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("h2load does not come to an end: see " + folder.resolve("h2load.log"));
    }
    Duration used = server.processorTime().minus(before);
    return read(Files.readString(folder.resolve("h2load.log"), UTF_8), replyBytes, used);
  }

  /**
   * Reads what h2load printed.
   *
   * @throws IOException when calls failed, or nothing that can be read is there
   */
  static Load read(String output, int replyBytes, Duration processorTime) throws IOException {
    Matcher requests = REQUESTS.matcher(output);
    Matcher rate = RATE.matcher(output);
    Matcher data = DATA.matcher(output);
    if (!requests.find() || !rate.find() || !data.find()) {
      throw new IOException("h2load printed no result: " + output.strip());
    }
    long succeeded = Long.parseLong(requests.group(4));
    long replies = Long.parseLong(data.group(1)) / replyBytes;
    if (succeeded == 0 || replies < succeeded * COUNTED) {
      throw new IOException(
          "of %d calls %d were answered with a user: the others failed, and a load that fails says nothing"
              .formatted(succeeded, replies));
    }
    return new Load(succeeded, Double.parseDouble(rate.group(1)), processorTime);
  }
}

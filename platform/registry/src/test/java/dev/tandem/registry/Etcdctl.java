package dev.tandem.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** An etcd's operator. */
final class Etcdctl {

  private final List<String> command = new ArrayList<>();

  /**
   * @param options how the server is reached
   */
  Etcdctl(String... options) {
    command.add(ServerProcess.pathOf("etcdctl").toString());
    command.addAll(List.of(options));
  }

  /** What it says; an error is an error. */
  String run(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(arguments));
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("%s: %s".formatted(all, said));
    }
    return said;
  }
}

package dev.tandem.bench;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What was started, so that nothing outlives the benchmark, Ctrl-C included. */
final class Processes {

  private final Set<Process> running = ConcurrentHashMap.newKeySet();
  private volatile boolean ending;

  Processes() {
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::end));
  }

  Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    running.add(process);
    var _ = process.onExit().thenAccept(running::remove);
    // Started while everything else was being ended.
    if (ending) {
      process.destroyForcibly();
    }
    return process;
  }

  private void end() {
    ending = true;
    running.forEach(Process::destroyForcibly);
  }
}

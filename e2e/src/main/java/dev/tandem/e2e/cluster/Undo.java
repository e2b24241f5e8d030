package dev.tandem.e2e.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Puts back what a proof changes, last change first, whatever happens: when the proof ends, and
 * when the process is told to end before (Ctrl-C).
 */
public final class Undo {
  private static final Set<Undo> OPEN = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Undo::runAllOpen, "undo"));
  }

  private final Deque<Step> steps = new ArrayDeque<>();
  private boolean ended;

  private record Step(String what, Runnable action) {}

  /**
   * Says how a change is put back, <em>before</em> the change is made: between the two the process
   * may be told to end.
   *
   * @param what such as "scale user in shanghai back to 2"
   * @param action must do no harm when the change was never made
   */
  public synchronized void add(String what, Runnable action) {
    if (ended) {
      throw new IllegalStateException("everything is being put back: nothing may be changed now");
    }
    steps.push(new Step(what, action));
    OPEN.add(this);
  }

  /** Puts everything back; each step is tried. */
  public synchronized void run() {
    List<String> failures = new ArrayList<>();
    AssertionError error = new AssertionError();
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      try {
        step.action.run();
      } catch (RuntimeException | AssertionError e) {
        failures.add("could not " + step.what + ": " + e.getMessage());
        error.addSuppressed(e);
      }
    }
    OPEN.remove(this);
    if (!failures.isEmpty()) {
      AssertionError failure =
          new AssertionError(String.join("; ", failures) + " (make up repairs the clusters)");
      for (Throwable cause : error.getSuppressed()) {
        failure.addSuppressed(cause);
      }
      throw failure;
    }
  }

  private static void runAllOpen() {
    for (Undo undo : OPEN) {
      synchronized (undo) {
        undo.ended = true;
        System.err.println("Putting back what the interrupted proof changed.");
        try {
          undo.run();
        } catch (AssertionError e) {
          System.err.println(e.getMessage());
        }
      }
    }
  }
}

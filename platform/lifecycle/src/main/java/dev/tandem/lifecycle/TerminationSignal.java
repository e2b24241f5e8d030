package dev.tandem.lifecycle;

import io.quarkus.runtime.Quarkus;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.jboss.logging.Logger;

/**
 * SIGTERM as an ordinary wish to end. Left to itself, the JVM runs its shutdown hooks, all at once
 * and beside the drain, and exits with 143 however well it went.
 */
final class TerminationSignal {

  private static final Logger LOG = Logger.getLogger(TerminationSignal.class);

  private TerminationSignal() {}

  /** From now on the application ends on its main thread, hooks run after that, the code is 0. */
  static void exitsOrderly() {
    try {
      handle("TERM", () -> Quarkus.asyncExit(0));
    } catch (ReflectiveOperationException e) {
      // -Xrs, a runtime without jdk.unsupported, a platform without the signal: the drain still
      // runs, from a hook.
      LOG.warn("SIGTERM cannot be heard: the exit code will be the JVM's", e);
    }
  }

  /**
   * {@code sun.misc.Signal.handle}, the only way there is (module jdk.unsupported, JEP 260). By
   * reflection, because javac warns about its name whatever it is told.
   */
  private static void handle(String name, Runnable action) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    InvocationHandler handling =
        (proxy, method, arguments) -> {
          action.run();
          return null;
        };
    signal
        .getMethod("handle", signal, handler)
        .invoke(
            null,
            signal.getConstructor(String.class).newInstance(name),
            Proxy.newProxyInstance(
                TerminationSignal.class.getClassLoader(), new Class<?>[] {handler}, handling));
  }
}

package dev.tandem.fuzz;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;

/**
 * A class that takes a fuzzer's inputs. It lives in the package of what it is about, which is not
 * public.
 *
 * @param name in full
 */
record Target(String name) {

  private static final Path CORPUS = Path.of("corpus");

  String shortName() {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** Seeds, and whatever was found; in the tree. */
  Path corpus() {
    return CORPUS.resolve(shortName());
  }

  /** Feeds it one input, as the fuzzer does. */
  void run(byte[] input) throws Throwable {
    Method entry = Class.forName(name).getDeclaredMethod("fuzzerTestOneInput", byte[].class);
    entry.setAccessible(true);
    try {
      entry.invoke(null, (Object) input);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}

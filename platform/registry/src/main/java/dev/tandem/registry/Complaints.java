package dev.tandem.registry;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Says each problem once, however often an attempt fails with it. */
final class Complaints {

  private final Logger log;
  private final String about;
  private @Nullable String last;

  /**
   * @param about what the problems are with
   */
  Complaints(Logger log, String about) {
    this.log = log;
    this.about = about;
  }

  synchronized void say(String problem) {
    if (!problem.equals(last)) {
      last = problem;
      log.warnf("%s: %s", about, problem);
    }
  }

  synchronized void settled(String news) {
    if (last != null) {
      last = null;
      log.infof("%s: %s", about, news);
    }
  }
}

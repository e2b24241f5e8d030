package dev.tandem.registry;

import java.util.HashSet;
import java.util.Set;
import org.jboss.logging.Logger;

/** Says each problem once, however often attempts fail with it, until all is well again. */
final class Complaints {

  /** Problems whose words differ each time are said no more often than that. */
  private static final int MOST = 20;

  private final Logger log;
  private final String about;
  private final Set<String> said = new HashSet<>();

  /**
   * @param about what the problems are with
   */
  Complaints(Logger log, String about) {
    this.log = log;
    this.about = about;
  }

  synchronized void say(String problem) {
    if (said.size() < MOST && said.add(problem)) {
      log.warnf("%s: %s", about, problem);
    }
  }

  synchronized void settled(String news) {
    if (!said.isEmpty()) {
      said.clear();
      log.infof("%s: %s", about, news);
    }
  }
}

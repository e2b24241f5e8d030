package dev.tandem.e2e.drill;

import dev.tandem.e2e.tool.Tool;
import java.util.List;

/**
 * Keys are replaced by a script of the repository's while calls go on. There is nothing to put
 * back: the new keys are as good as the old ones, and a rotation that was interrupted is run again.
 */
final class Rotation implements Fault {
  private final Tool script;
  private boolean begun;
  private boolean finished;

  Rotation(java.nio.file.Path root, String name, String cluster) {
    this.script =
        new Tool(
            List.of(root.resolve("scripts").resolve("rotate").resolve(name).toString(), cluster));
  }

  @Override
  public synchronized void strike() {
    begun = true;
    script.run().orFail();
    finished = true;
  }

  @Override
  public synchronized void repair() {
    if (begun && !finished) {
      script.run().orFail();
      finished = true;
    }
  }
}

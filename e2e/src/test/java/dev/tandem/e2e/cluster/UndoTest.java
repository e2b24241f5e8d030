package dev.tandem.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UndoTest {
  private final Undo undo = new Undo();
  private final List<String> done = new ArrayList<>();

  @Test
  void putsBackTheLastChangeFirst() {
    undo.add("undo one", () -> done.add("one"));
    undo.add("undo two", () -> done.add("two"));

    undo.run();

    assertThat(done).containsExactly("two", "one");
  }

  @Test
  void putsBackOnce() {
    undo.add("undo one", () -> done.add("one"));

    undo.run();
    undo.run();

    assertThat(done).containsExactly("one");
  }

  @Test
  void triesEveryStepAndSaysWhichFailed() {
    undo.add("undo one", () -> done.add("one"));
    undo.add(
        "scale user back",
        () -> {
          throw new IllegalStateException("no API server");
        });

    assertThatThrownBy(undo::run)
        .hasMessage("could not scale user back: no API server (make up repairs the clusters)");
    assertThat(done).containsExactly("one");
  }
}

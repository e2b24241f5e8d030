package dev.tandem.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Whatever reads what strangers wrote takes every input, and keeps its promises for it. The corpus
 * holds seeds, and every input for which that was ever not so.
 */
class FuzzTest {

  private static final List<Target> TARGETS =
      Stream.of(
              "auth.AuthorizationFuzz",
              "auth.KeySetFuzz",
              "auth.SignedTokenFuzz",
              "payment.ChargeFuzz",
              "ratelimit.ForwardedFuzz",
              "ratelimit.LimitsFuzz",
              "registry.InstanceFuzz",
              "resilience.RetryAdviceFuzz",
              "topology.TopologyFuzz",
              "user.CallFuzz",
              "user.UserDirectoryFuzz",
              "versioning.LifecycleFuzz")
          .map(name -> new Target("dev.tandem." + name))
          .toList();

  @Test
  void everyTargetHasSeedsAndEveryFolderOfSeedsATarget() throws IOException {
    try (Stream<Path> folders = Files.list(Path.of("corpus"))) {
      assertThat(folders.map(folder -> folder.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(TARGETS.stream().map(Target::shortName).toList());
    }
  }

  @TestFactory
  Stream<DynamicTest> holdsForAllThatIsInTheCorpus() {
    return TARGETS.stream()
        .map(target -> DynamicTest.dynamicTest(target.shortName(), () -> replay(target)));
  }

  private static void replay(Target target) throws IOException {
    try (Stream<Path> files = Files.list(target.corpus())) {
      for (Path file : files.sorted().toList()) {
        byte[] input = Files.readAllBytes(file);
        assertThatCode(() -> target.run(input))
            .as("platform/fuzz/%s", file)
            .doesNotThrowAnyException();
      }
    }
  }

  /** For as long as fuzz.seconds says, each; only fuzz.target, if one is named. */
  @Execution(ExecutionMode.CONCURRENT)
  @TestFactory
  Stream<DynamicTest> holdsForWhatTheFuzzerMakesUp() {
    int seconds = Integer.getInteger("fuzz.seconds", 3);
    String only = System.getProperty("fuzz.target", "");
    List<Target> chosen =
        TARGETS.stream()
            .filter(target -> only.isEmpty() || target.shortName().equals(only))
            .toList();
    assertThat(chosen).as("targets named '%s' among %s", only, TARGETS).isNotEmpty();
    return chosen.stream()
        .map(
            target ->
                DynamicTest.dynamicTest(
                    target.shortName(), () -> assertThat(Jazzer.run(target, seconds)).isEmpty()));
  }
}

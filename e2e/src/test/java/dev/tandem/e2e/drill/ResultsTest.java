package dev.tandem.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tandem.e2e.drill.DrilledCall.Kind;
import dev.tandem.e2e.drill.Paths.Path;
import dev.tandem.e2e.drill.Result.Policies;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultsTest {
  private static final Paths TO_EAST =
      Paths.closed(Set.of(new Path("west", "east")), Set.of("user", "payment"));

  private final Results results =
      new Results(
          Instant.parse("2026-11-24T10:00:00Z"),
          "2 cores & 24 GiB",
          List.of(result(Policies.OURS, 0, 420), result(Policies.DEFAULTS, 114, 5000)));

  @Test
  void putsOursBesideTheDefaultsAndSaysTheGain() {
    assertThat(results.page())
        .contains(
            "| [node-frozen](#node-frozen) | ours | 1201 | 0 |",
            "| [node-frozen](#node-frozen) | defaults | 1315 | 114 (114 UNAVAILABLE) |",
            "Gain: 0 failed instead of 114; the slowest call 420 ms instead of 5000 ms (11.9 times).");
  }

  @Test
  void writesPageDataAndPicture(@TempDir java.nio.file.Path folder) throws IOException {
    results.write(folder);

    JsonObject json =
        JsonParser.parseString(Files.readString(folder.resolve("drills.json"))).getAsJsonObject();
    JsonArray drills = json.getAsJsonArray("drills");
    assertThat(json.get("machine").getAsString()).isEqualTo("2 cores & 24 GiB");
    assertThat(
            drills.get(1).getAsJsonObject().getAsJsonObject("failed").get("UNAVAILABLE").getAsInt())
        .isEqualTo(114);
    assertThat(Files.readString(folder.resolve("node-frozen.svg")))
        .contains(
            "Tandem's policies: 0 failed", "Istio's defaults: 114 failed", ">fault<", ">repair<")
        .doesNotContain("href", "<script");
    assertThat(folder.resolve("drills.md")).exists();
  }

  @Test
  void namesTheGoalsThatWereMissed() {
    Result ours = results.results().getFirst();
    Result defaults = results.results().getLast();
    assertThat(ours.misses()).isEmpty();
    assertThat(ours.failed()).isFalse();
    assertThat(defaults.misses().stream().filter(miss -> miss.bound().isEmpty()))
        .extracting(Result.Miss::goal)
        .containsExactly(Goal.MOVED, Goal.NONE_FAILED);
    assertThat(defaults.failed()).isTrue();
  }

  @Test
  void saysOfAGoalThatCouldNotBeMetWhyOnlyWhereItWasMissed() {
    assertThat(
            results.results().getLast().misses().stream().filter(miss -> miss.bound().isPresent()))
        .extracting(Result.Miss::goal)
        .containsExactly(Goal.SLOWEST);
    assertThat(results.page()).doesNotContain("Missed");
    assertThat(new Results(Instant.EPOCH, "2 cores", List.of(result(Policies.OURS, 0, 700))).page())
        .contains("- Missed, \"slowest call under 600 ms\": a payment has two ways");
  }

  private static Result result(Policies policies, int failures, long slowest) {
    Calls calls = new Calls().answered(4, "east", "west");
    Duration struck = calls.now();
    calls.add(Kind.READ, "west", Status.Code.OK, slowest, 1);
    for (int count = 0; count < failures; count++) {
      calls.add(Kind.READ, "", Status.Code.UNAVAILABLE, 20, 0);
    }
    calls.answered(4, "west");
    Duration repaired = calls.now();
    calls.answered(4, "east", "west");
    Moments moments = new Moments(struck, repaired, repaired, calls.now());
    return new Result(
        Drill.NODE_FROZEN,
        policies,
        List.of("east", "west"),
        TO_EAST,
        moments,
        Figures.of(calls.all(), moments, TO_EAST),
        new StoredPayments(0, 0, 0, 0),
        calls.all());
  }
}

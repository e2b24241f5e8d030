package dev.tandem.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProgressJsonTest {

  private static final Progress START =
      Progress.start(
          new Migration(
              "user",
              "tandem.user.v1",
              "tandem.user.v2",
              Optional.of("registry.tandem.internal/user:2"),
              Map.of("TANDEM_USER_NEWEST_VERSION", "v2"),
              new Course(List.of(10, 100))),
          Instant.parse("2026-11-24T10:00:00Z"));

  @Test
  void readsWhatItWrote() {
    Progress progress =
        START
            .reached(new Phase.Shifted(10), true, Instant.parse("2026-11-24T10:00:05Z"))
            .passed(Optional.of(new Baseline(0.001, 21.5)))
            .intends(new Phase.Shifted(100));

    assertThat(ProgressJson.read(ProgressJson.write(progress))).isEqualTo(progress);
    assertThat(ProgressJson.read(ProgressJson.write(START))).isEqualTo(START);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no json",
        "{}",
        "{\"format\": 2}",
        "{\"format\": 1, \"service\": \"user\"}",
      })
  void saysThatItCannotReadSomethingElse(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProgressJson.read(text))
        .withMessageStartingWith("the record of the migration cannot be read");
  }
}

package dev.tandem.user;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.quarkus.runtime.StartupEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServedVersionsTest {

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void startsWithAVersionThatExists(String version) {
    assertThatCode(() -> start(version)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v3", "V2", "2", "true", " v2"})
  void doesNotStartWithAnother(String version) {
    assertThatIllegalStateException()
        .isThrownBy(() -> start(version))
        .withMessage(
            "tandem.user.newest-version is \"%s\": write v1 for the old server, or v2, which serves v1 too"
                .formatted(version));
  }

  private static void start(String version) {
    new ServedVersions(new Settings(version)).require(new StartupEvent());
  }

  private record Settings(String newestVersion) implements UserSettings {
    @Override
    public Optional<Path> directory() {
      return Optional.empty();
    }

    @Override
    public Duration heartbeat() {
      return Duration.ofSeconds(10);
    }
  }
}

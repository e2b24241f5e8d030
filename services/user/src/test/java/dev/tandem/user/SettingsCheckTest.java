package dev.tandem.user;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.quarkus.runtime.StartupEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsCheckTest {

  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void startsWithAVersionThatExists(String version) {
    assertThatCode(() -> start(version, TEN_SECONDS)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v3", "V2", "2", "true", " v2"})
  void doesNotStartWithAnother(String version) {
    assertThatIllegalStateException()
        .isThrownBy(() -> start(version, TEN_SECONDS))
        .withMessage(
            "tandem.user.newest-version is \"%s\": write v1 for the old server, or v2, which serves v1 too"
                .formatted(version));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.009S", "PT25H"})
  void doesNotStartWithAHeartbeatThatNoTimerKeeps(String heartbeat) {
    assertThatIllegalStateException()
        .isThrownBy(() -> start("v2", Duration.parse(heartbeat)))
        .withMessage(
            "tandem.user.heartbeat is %s: write a duration from 10ms to 24h, such as 10s"
                .formatted(heartbeat));
  }

  private static void start(String version, Duration heartbeat) {
    new SettingsCheck(new Settings(version, heartbeat)).check(new StartupEvent());
  }

  private record Settings(String newestVersion, Duration heartbeat) implements UserSettings {
    @Override
    public Optional<Path> directory() {
      return Optional.empty();
    }
  }
}

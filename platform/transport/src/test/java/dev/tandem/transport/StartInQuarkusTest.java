package dev.tandem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.test.junit.main.LaunchResult;
import io.quarkus.test.junit.main.QuarkusMainLauncher;
import io.quarkus.test.junit.main.QuarkusMainTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Quarkus alone would log the reason and go on without a gRPC server, never ready. */
@QuarkusMainTest
@TestProfile(StartInQuarkusTest.KeepAliveTooShort.class)
@WithTestResource(EchoElsewhere.class)
class StartInQuarkusTest {

  @Test
  void endsWithTheKeyTheValueAndTheFix(QuarkusMainLauncher launcher) {
    LaunchResult result = launcher.launch();

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.getOutput() + result.getErrorOutput())
        .contains("tandem.transport.server.keep-alive=5s: must be 10s or longer");
  }

  /** gRPC would take 10 s instead, and say nothing. */
  public static final class KeepAliveTooShort implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("tandem.transport.server.keep-alive", "5s");
    }
  }
}

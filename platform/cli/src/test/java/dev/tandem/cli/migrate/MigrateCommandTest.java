package dev.tandem.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before any cluster is asked. */
final class MigrateCommandTest {

  private static final String TOPOLOGY =
      "src/test/resources/dev/tandem/cli/topology/three-clusters.yaml";
  private static final String CONTRACTS = "../../proto";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          user --from tandem.user.v1 --to tandem.user.v3              | tandem.user.v3 is not published: did you mean
          user --from tandem.usr.v1 --to tandem.user.v2               | tandem.usr.v1 is not published
          user --from tandem.user.v1 --to tandem.user.v1              | there is nothing to migrate to
          USER --from tandem.user.v1 --to tandem.user.v2              | "USER" is no name of a service
          user --from tandem.user.v1 --to v2                          | "v2" is no package of a contract
          user --from tandem.user.v1 --to tandem.user.v2 --shares 1,50 | the shares [1, 50] do not end with 100
          user --from tandem.user.v1 --to tandem.user.v2 --shares 50,20,100 | the shares [50, 20, 100] must rise
          """)
  void refusesAMigrationThatIsNone(String arguments, String problem) {
    CommandRun run = migrate("plan", arguments);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: ").contains(problem);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void refusesAPhaseThatDoesNotExist() {
    CommandRun run =
        migrate("run", "user --from tandem.user.v1 --to tandem.user.v2 --until shifted-30");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("no phase is called shifted-30: choose from");
  }

  @Test
  void refusesAGateThatCanNeverBePassed() {
    CommandRun run =
        migrate("run", "user --from tandem.user.v1 --to tandem.user.v2 --latency-factor 0.5");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("a factor of 1 or more");
  }

  @Test
  void tellsMachinesThatItRefused() {
    CommandRun run =
        migrate("plan", "user --from tandem.user.v1 --to tandem.user.v1 --output json");

    assertThat(run.out()).contains("\"outcome\":\"refused\"", "there is nothing to migrate to");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "migrate undo user",
        "migrate rollback user",
        "migrate resume user",
        "migrate finish user",
        "status"
      })
  void namesTheContextThatTheKubeconfigLacks(String command, @TempDir Path directory)
      throws IOException {
    // Never the clusters that may be up on this machine.
    Path nowhere =
        Files.writeString(
            directory.resolve("topology.yaml"),
            Files.readString(Path.of(TOPOLOGY)).replace("shanghai", "nowhere"));
    List<String> arguments = new ArrayList<>(Arrays.asList(command.split(" ", -1)));
    arguments.addAll(List.of("--file", nowhere.toString()));

    CommandRun run = CommandRun.of(arguments.toArray(String[]::new));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("the kubeconfig has no context kind-tandem-nowhere");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "contracts",
        "contracts check",
        "contracts publish",
        "migrate",
        "migrate plan",
        "migrate run",
        "migrate resume",
        "migrate undo",
        "migrate rollback",
        "migrate finish",
        "split",
        "status"
      })
  void helpsWithExamplesAndExitCodes(String command) {
    List<String> arguments = new ArrayList<>(Arrays.asList(command.split(" ", -1)));
    arguments.add("--help");

    CommandRun run = CommandRun.of(arguments.toArray(String[]::new));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Usage: tandem " + command, "Exit codes:", "Examples:\n  ");
  }

  private static CommandRun migrate(String step, String arguments) {
    List<String> all = new ArrayList<>(List.of("migrate", step));
    all.addAll(Arrays.asList(arguments.strip().split(" ", -1)));
    all.addAll(List.of("--file", TOPOLOGY, "--contracts", CONTRACTS));
    return CommandRun.of(all.toArray(String[]::new));
  }
}

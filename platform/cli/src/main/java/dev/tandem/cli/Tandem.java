package dev.tandem.cli;

import dev.tandem.cli.contracts.ContractsCommand;
import dev.tandem.cli.migrate.MigrateCommand;
import dev.tandem.cli.migrate.StatusCommand;
import dev.tandem.cli.split.SplitCommand;
import dev.tandem.cli.topology.TopologyCommand;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ScopeType;

/** The command line's root; each group of subcommands has a package of its own. */
@Command(
    name = "tandem",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Tandem.Version.class,
    usageHelpAutoWidth = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Runs the multi-cluster platform.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:a defect of tandem itself, with a stack trace",
      "2:bad input: an unknown option, or a file with mistakes; refused, and nothing changed",
      "3:tandem migrate: taken back; tandem status: something is not as it should be",
      "4:tandem migrate: too few calls to judge by"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  tandem topology", "  tandem topology check", "  tandem topology --help"},
    subcommands = {
      ContractsCommand.class,
      MigrateCommand.class,
      SplitCommand.class,
      StatusCommand.class,
      TopologyCommand.class
    })
public final class Tandem {

  private Tandem() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command, ready to run; tests give it other streams. */
  public static CommandLine commandLine() {
    return new CommandLine(new Tandem()).setCaseInsensitiveEnumValuesAllowed(true);
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Tandem.class.getPackage().getImplementationVersion();
      return new String[] {"tandem " + Optional.ofNullable(version).orElse("(not packaged)")};
    }
  }
}

package dev.tandem.cli.contracts;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code tandem contracts}: its subcommands keep published contracts as they are. */
@Command(
    name = "contracts",
    description = "Checks that published contracts only grow, and publishes them.",
    footer = {
      "  make check-proto",
      "  make publish VERSION=tandem.user.v2",
      "  tandem contracts check --image build/contracts/proto.binpb"
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {CheckCommand.class, PublishCommand.class})
public final class ContractsCommand {

  @Option(
      names = "--directory",
      paramLabel = "DIRECTORY",
      scope = ScopeType.INHERIT,
      defaultValue = "proto",
      description =
          "Where lifecycle.yaml, frozen/ and the .proto files are; proto unless told otherwise.")
  private Path directory = Path.of("proto");

  Path directory() {
    return directory;
  }
}

package dev.tandem.cli.migrate;

import picocli.CommandLine.Command;

/** {@code tandem migrate finish}. */
@Command(
    name = "finish",
    description =
        "Ends a migration that is retired: the new deployment becomes the released one, in every cluster.",
    footer = "  tandem migrate finish user")
final class FinishCommand extends StepCommand {

  @Override
  Migrator.Needed needed() {
    return Migrator.Needed.EVERY_CLUSTER;
  }

  @Override
  Outcome step(Migrator migrator, String service) {
    return migrator.finish(service);
  }
}

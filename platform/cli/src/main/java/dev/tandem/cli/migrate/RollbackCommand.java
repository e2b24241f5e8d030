package dev.tandem.cli.migrate;

import picocli.CommandLine.Command;

/** {@code tandem migrate rollback}. */
@Command(
    name = "rollback",
    description = "Puts everything back as it was before the migration, in every cluster.",
    footer = "  tandem migrate rollback user")
final class RollbackCommand extends StepCommand {

  @Override
  Outcome step(Migrator migrator, String service) throws InterruptedException {
    return migrator.rollBack(service);
  }
}

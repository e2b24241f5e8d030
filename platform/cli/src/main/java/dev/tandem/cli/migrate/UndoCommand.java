package dev.tandem.cli.migrate;

import picocli.CommandLine.Command;

/** {@code tandem migrate undo}. */
@Command(
    name = "undo",
    description = "Takes the last step back, in every cluster.",
    footer = "  tandem migrate undo user")
final class UndoCommand extends StepCommand {

  @Override
  Outcome step(Migrator migrator, String service) throws InterruptedException {
    return migrator.undo(service);
  }
}

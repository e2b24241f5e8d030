package dev.tandem.cli.migrate;

import picocli.CommandLine.Command;

/** {@code tandem migrate resume}. */
@Command(
    name = "resume",
    description =
        "Finishes or takes back what a command that died left half done, and says where it is.",
    footer = "  tandem migrate resume user")
final class ResumeCommand extends StepCommand {

  @Override
  Migrator.Needed needed() {
    return Migrator.Needed.EVERY_CLUSTER;
  }

  @Override
  Outcome step(Migrator migrator, String service) {
    return migrator
        .recover(service)
        .<Outcome>map(progress -> new Outcome.Reached(progress.phase(), "every cluster is there"))
        .orElseGet(() -> new Outcome.Reached(new Phase.Untouched(), "no migration is under way"));
  }
}

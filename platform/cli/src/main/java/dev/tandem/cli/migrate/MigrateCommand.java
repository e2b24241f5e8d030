package dev.tandem.cli.migrate;

import picocli.CommandLine.Command;

/** {@code tandem migrate}: its subcommands move a service from one version to the next. */
@Command(
    name = "migrate",
    description = {
      "Moves a service from one version of its contract to the next, in every cluster together.",
      "Phases: beside, mirrored, shifted-1, -5, -20, -50, -100, deprecated, retired."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "  tandem migrate plan user --from tandem.user.v1 --to tandem.user.v2",
      "  tandem migrate run user --from tandem.user.v1 --to tandem.user.v2 --until shifted-20",
      "  tandem migrate resume user",
      "  tandem migrate undo user",
      "  tandem migrate rollback user",
      "  tandem status"
    },
    subcommands = {
      PlanCommand.class,
      RunCommand.class,
      ResumeCommand.class,
      UndoCommand.class,
      RollbackCommand.class,
      FinishCommand.class
    })
public final class MigrateCommand {}

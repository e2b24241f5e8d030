package dev.tandem.cli.migrate;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tandem migrate undo}. */
@Command(
    name = "undo",
    description = "Takes the last step back, in every cluster.",
    footer = "  tandem migrate undo user")
final class UndoCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private TargetOptions target = new TargetOptions();

  @Parameters(paramLabel = "SERVICE", description = "The service, such as user.")
  private String service = "";

  @Override
  public Integer call() throws InterruptedException {
    return new MigrationTask(spec, target)
        .run(service, Gate.USUAL, migrator -> migrator.undo(service));
  }
}

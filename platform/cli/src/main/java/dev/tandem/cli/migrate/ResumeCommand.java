package dev.tandem.cli.migrate;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tandem migrate resume}. */
@Command(
    name = "resume",
    description =
        "Finishes or takes back what a command that died left half done, and says where it is.",
    footer = "  tandem migrate resume user")
final class ResumeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private TargetOptions target = new TargetOptions();

  @Parameters(paramLabel = "SERVICE", description = "The service, such as user.")
  private String service = "";

  @Override
  public Integer call() throws InterruptedException {
    return new MigrationTask(spec, target)
        .run(
            service,
            Gate.USUAL,
            migrator ->
                migrator
                    .recover(service)
                    .<Outcome>map(
                        progress -> new Outcome.Reached(progress.phase(), "every cluster is there"))
                    .orElseGet(
                        () ->
                            new Outcome.Reached(
                                new Phase.Untouched(), "no migration is under way")));
  }
}

package dev.tandem.cli.migrate;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tandem migrate plan}. */
@Command(
    name = "plan",
    description = "Says what would be done, and what is in the way; changes nothing.",
    footer = "  tandem migrate plan user --from tandem.user.v1 --to tandem.user.v2")
final class PlanCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private TargetOptions target = new TargetOptions();

  @Mixin private MigrationOptions options = new MigrationOptions();

  @Override
  public Integer call() throws InterruptedException {
    MigrationTask task = new MigrationTask(spec, target);
    Migration migration;
    try {
      migration = options.migration();
    } catch (IllegalArgumentException | IOException e) {
      return task.telling().refuse(String.valueOf(e.getMessage()));
    }
    int exit =
        task.run(
            migration.service(),
            Gate.USUAL,
            Migrator.Needed.EVERY_CLUSTER,
            migrator -> migrator.begin(migration));
    if (exit == 0 && target.output() == TargetOptions.Output.TEXT) {
      migration.course().phases().stream()
          .skip(1)
          .forEach(phase -> spec.commandLine().getOut().printf("  %s%n", phase.key()));
      spec.commandLine().getOut().flush();
    }
    return exit;
  }
}

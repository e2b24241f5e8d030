package dev.tandem.cli.migrate;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tandem migrate run}. */
@Command(
    name = "run",
    description =
        "Goes on from wherever the migration is, phase by phase, each judged before the next.",
    footer =
        "  tandem migrate run user --from tandem.user.v1 --to tandem.user.v2 --set TANDEM_USER_NEWEST_VERSION=v2")
final class RunCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private TargetOptions target = new TargetOptions();

  @Mixin private MigrationOptions options = new MigrationOptions();
  @Mixin private GateOptions gate = new GateOptions();

  @Option(
      names = "--until",
      paramLabel = "PHASE",
      defaultValue = "retired",
      description = "Where to stop; retired unless told otherwise.")
  private String until = "retired";

  @Override
  public Integer call() throws InterruptedException {
    MigrationTask task = new MigrationTask(spec, target);
    try {
      Migration migration = options.migration();
      Phase goal =
          Phase.parse(until)
              .filter(migration.course().phases()::contains)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "no phase is called %s: choose from %s"
                              .formatted(
                                  until,
                                  migration.course().phases().stream().map(Phase::key).toList())));
      return task.run(
          migration.service(),
          gate.gate(),
          Migrator.Needed.EVERY_CLUSTER,
          migrator -> migrator.run(migration, goal));
    } catch (IllegalArgumentException | IOException e) {
      return task.telling().refuse(String.valueOf(e.getMessage()));
    }
  }
}

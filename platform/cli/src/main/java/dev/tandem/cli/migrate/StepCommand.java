package dev.tandem.cli.migrate;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command that names a service and takes one step of its migration, which nothing judges. */
abstract class StepCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private TargetOptions target = new TargetOptions();

  @Parameters(paramLabel = "SERVICE", description = "The service, such as user.")
  private String service = "";

  /** A step back does not wait for a cluster that is lost. */
  Migrator.Needed needed() {
    return Migrator.Needed.WHO_ANSWERS;
  }

  abstract Outcome step(Migrator migrator, String service) throws InterruptedException;

  @Override
  public final Integer call() throws InterruptedException {
    return new MigrationTask(spec, target)
        .run(service, Gate.USUAL, needed(), migrator -> step(migrator, service));
  }
}

package dev.tandem.cli.migrate;

import java.time.Clock;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** What all commands have in common: clusters are opened, claimed, and closed again. */
final class MigrationTask {

  private final CommandSpec command;
  private final TargetOptions target;
  private final Clock clock = Clock.systemUTC();

  MigrationTask(CommandSpec command, TargetOptions target) {
    this.command = command;
    this.target = target;
  }

  @FunctionalInterface
  interface Step {
    Outcome on(Migrator migrator) throws InterruptedException;
  }

  int run(String service, Gate gate, Migrator.Needed needed, Step step)
      throws InterruptedException {
    Telling telling = telling();
    List<KubernetesCluster> clusters;
    try {
      clusters = target.clusters(clock);
    } catch (IllegalArgumentException e) {
      return telling.refuse(String.valueOf(e.getMessage()));
    }
    try {
      Migrator migrator = TargetOptions.migrator(clusters, gate, clock, telling);
      return telling.tell(
          migrator.claimed(service, TargetOptions.owner(), needed, () -> step.on(migrator)));
    } finally {
      clusters.forEach(KubernetesCluster::close);
    }
  }

  Telling telling() {
    return new Telling(
        target.output(), command.commandLine().getOut(), command.commandLine().getErr(), clock);
  }
}

package dev.tandem.cli.topology;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tandem topology check}. */
@Command(
    name = "check",
    description = {
      "Reports every mistake in the topology.",
      "Each comes on standard error with file, line and column, and with what to do about it."
    },
    footer = {"  tandem topology check", "  tandem topology check --file staging.yaml"})
final class CheckCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @ParentCommand private TopologyCommand parent = new TopologyCommand();

  @Override
  public Integer call() {
    return parent.print(
        spec,
        topology ->
            new Rendering.Text(
                "%s: no mistakes, clusters: %d%n"
                    .formatted(parent.file(), topology.clusters().size())));
  }
}

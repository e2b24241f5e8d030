package dev.tandem.cli.topology;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tandem topology values}. */
@Command(
    name = "values",
    description = "Prints the Helm values that a chart needs to know of its cluster.",
    footer = {
      "  tandem topology values shanghai > shanghai.yaml",
      "  helm upgrade --install user helm-charts/user --values shanghai.yaml"
    })
final class ValuesCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @ParentCommand private TopologyCommand parent = new TopologyCommand();

  @Parameters(paramLabel = "CLUSTER", description = "The name of a cluster.")
  private String name = "";

  @Override
  public Integer call() {
    return parent.print(
        spec,
        topology ->
            Rendering.ofCluster(
                topology,
                name,
                cluster -> new Rendering.Text(HelmValues.render(topology, cluster))));
  }
}

package dev.tandem.cli.topology;

import dev.tandem.topology.Cluster;
import dev.tandem.topology.Provider;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tandem topology kind-config}. */
@Command(
    name = "kind-config",
    description = {
      "Prints the configuration with which kind creates a cluster.",
      "It has one node, labelled with region and zone, and neither CNI nor kube-proxy: Cilium stands"
          + " in for both."
    },
    footer = {
      "  tandem topology kind-config shanghai --image kindest/node:v1.37.2",
      "  tandem topology kind-config shanghai | kind create cluster --config -"
    })
final class KindConfigCommand implements Callable<Integer> {

  /** What a reference to an image is made of; kind and Docker judge it in full. */
  private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@-]*");

  @Spec private CommandSpec spec = CommandSpec.create();

  @ParentCommand private TopologyCommand parent = new TopologyCommand();

  @Parameters(paramLabel = "CLUSTER", description = "The name of a cluster.")
  private String name = "";

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "The node's image; kind's own choice unless told otherwise.")
  private @Nullable String image;

  @Option(
      names = "--cgroup",
      paramLabel = "v1|v2",
      description =
          "The cgroup version of the host that runs Docker; this machine's unless told otherwise.")
  private @Nullable CgroupVersion cgroup;

  @Option(
      names = "--certs-d",
      paramLabel = "DIRECTORY",
      description =
          "A directory of the host, mounted into the node as /etc/containerd/certs.d: which mirrors"
              + " containerd asks for which registry.")
  private @Nullable Path mirrors;

  @Override
  public Integer call() {
    Optional<String> chosenImage = Optional.ofNullable(image);
    if (chosenImage.filter(text -> !IMAGE.matcher(text).matches()).isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "\"%s\" is no name of an image".formatted(image));
    }
    CgroupVersion version =
        Optional.ofNullable(cgroup)
            .orElseGet(() -> CgroupVersion.mountedAt(Path.of("/sys/fs/cgroup")));
    var config = new KindConfig(chosenImage, version, Optional.ofNullable(mirrors));
    return parent.print(
        spec, topology -> Rendering.ofCluster(topology, name, cluster -> render(cluster, config)));
  }

  private static Rendering render(Cluster cluster, KindConfig config) {
    return switch (cluster.provider()) {
      case Provider.Kind kind -> new Rendering.Text(config.render(cluster, kind));
      case Provider.Existing(String context) ->
          new Rendering.Refused(
              "cluster %s exists already, as the context %s".formatted(cluster.name(), context),
              "ask for a cluster of provider kind");
    };
  }
}

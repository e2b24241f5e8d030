package dev.tandem.cli.topology;

import dev.tandem.topology.Diagnostic;
import dev.tandem.topology.Topology;
import dev.tandem.topology.TopologyFile;
import dev.tandem.topology.TopologyReading;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code tandem topology}: prints the topology; its subcommands derive configuration from it. */
@Command(
    name = "topology",
    description = "Prints the clusters as topology.yaml declares them, defaults filled in.",
    footer = {
      "  tandem topology",
      "  tandem topology --output json | jq -r '.clusters[].context'",
      "  tandem topology check --file staging.yaml",
      "  tandem topology kind-config shanghai | kind create cluster --config -",
      "  tandem topology values shanghai > shanghai.yaml"
    },
    subcommands = {CheckCommand.class, KindConfigCommand.class, ValuesCommand.class})
public final class TopologyCommand implements Callable<Integer> {

  enum Output {
    TEXT,
    JSON
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--output",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "A table for people, or JSON for scripts; text unless told otherwise.")
  private Output output = Output.TEXT;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:TANDEM_TOPOLOGY:-clusters/topology.yaml}",
      description =
          "The file to read; $$TANDEM_TOPOLOGY unless told otherwise, and scripts/tandem sets that"
              + " to clusters/topology.yaml.")
  private Path file = Path.of("clusters/topology.yaml");

  @Override
  public Integer call() {
    return print(
        spec,
        topology ->
            new Rendering.Text(
                switch (output) {
                  case TEXT -> TopologyTable.render(topology);
                  case JSON -> TopologyJson.render(topology);
                }));
  }

  /**
   * Prints what a command makes of the topology, or what is wrong.
   *
   * @param command the command that runs, whose output it is
   * @return the exit code
   */
  int print(CommandSpec command, Function<Topology, Rendering> rendering) {
    return switch (TopologyFile.read(file())) {
      case TopologyReading.Valid(Topology topology) -> print(command, rendering.apply(topology));
      case TopologyReading.Invalid(List<Diagnostic> diagnostics) -> {
        PrintWriter err = command.commandLine().getErr();
        diagnostics.forEach(err::println);
        yield ExitCode.USAGE;
      }
    };
  }

  private static int print(CommandSpec command, Rendering rendering) {
    return switch (rendering) {
      case Rendering.Text(String text) -> {
        PrintWriter out = command.commandLine().getOut();
        out.print(text);
        out.flush();
        yield ExitCode.OK;
      }
      case Rendering.Refused(String problem, String fix) -> {
        command.commandLine().getErr().printf("error: %s%n    fix: %s%n", problem, fix);
        yield ExitCode.USAGE;
      }
    };
  }

  /** The file, relative where that is shorter to read. */
  Path file() {
    Path here = Path.of("").toAbsolutePath();
    return file.isAbsolute() && file.startsWith(here) ? here.relativize(file) : file;
  }
}

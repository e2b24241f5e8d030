package dev.tandem.cli.split;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tandem split}. */
@Command(
    name = "split",
    description = "Translates a TrafficSplit (SMI) into a route that the mesh reads.",
    footer = {
      "  tandem split split.yaml | kubectl apply -f -",
      "  tandem split --as grpcroute split.yaml"
    })
public final class SplitCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "The TrafficSplit.")
  private Path file = Path.of("");

  @Option(
      names = "--as",
      paramLabel = "virtualservice|grpcroute",
      defaultValue = "virtualservice",
      description =
          "Istio's VirtualService or the Gateway API's GRPCRoute; the first unless told otherwise.")
  private SplitFormat format = SplitFormat.VIRTUALSERVICE;

  @Override
  public Integer call() {
    try {
      TrafficSplit split = TrafficSplit.parse(Files.readString(file));
      DumpSettings settings = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
      spec.commandLine().getOut().print(new Dump(settings).dumpToString(format.of(split)));
      spec.commandLine().getOut().flush();
      return ExitCode.OK;
    } catch (IOException e) {
      return refuse("%s cannot be read: %s".formatted(file, e), "name a file with a TrafficSplit");
    } catch (IllegalArgumentException e) {
      return refuse("%s: %s".formatted(file, e.getMessage()), "mend it and try again");
    }
  }

  private int refuse(String problem, String fix) {
    spec.commandLine().getErr().printf("error: %s%n    fix: %s%n", problem, fix);
    return ExitCode.USAGE;
  }
}

package dev.tandem.cli.contracts;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tandem contracts check}. */
@Command(
    name = "check",
    description = "Says which published contract is not what it was.",
    footer = {
      "  buf build proto --output build/contracts/proto.binpb",
      "  tandem contracts check --image build/contracts/proto.binpb",
      "  tandem contracts check --image build/contracts/proto.binpb --since build/contracts/main"
    })
final class CheckCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @ParentCommand private ContractsCommand parent = new ContractsCommand();

  @Option(
      names = "--image",
      paramLabel = "FILE",
      required = true,
      description = "What buf build made of the .proto files.")
  private Path image = Path.of("");

  @Option(
      names = "--since",
      paramLabel = "DIRECTORY",
      description = "The same folder at an earlier time, to judge what became of it.")
  private @Nullable Path since;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try {
      Contracts now = Contracts.read(parent.directory());
      List<Violation> violations = new ArrayList<>(FreezeRules.check(now, Image.read(image)));
      if (since != null) {
        violations.addAll(FreezeRules.checkSince(Contracts.read(since), now));
      }
      violations.forEach(err::println);
      if (!violations.isEmpty()) {
        return ExitCode.USAGE;
      }
      spec.commandLine()
          .getOut()
          .printf(
              "%s: %d published packages are as they were%n",
              parent.directory(), now.lifecycle().states().size());
      return ExitCode.OK;
    } catch (IOException e) {
      err.printf("error: %s%n    fix: see proto/README.md%n", e.getMessage());
      return ExitCode.USAGE;
    }
  }
}

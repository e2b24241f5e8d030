package dev.tandem.cli.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.tandem.cli.contracts.Lifecycle.State;
import dev.tandem.topology.Suggestion;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tandem contracts publish}. */
@Command(
    name = "publish",
    description = {
      "Freezes a package as it is now: writes its image, and lists it as ACTIVE when it is new.",
      "A package that was published before may only have grown."
    },
    footer = {
      "  make publish VERSION=tandem.user.v2",
      "  buf build proto --path proto/tandem/user/v2 --exclude-source-info --output new.binpb",
      "  tandem contracts publish tandem.user.v2 --image new.binpb"
    })
final class PublishCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @ParentCommand private ContractsCommand parent = new ContractsCommand();

  @Parameters(paramLabel = "PACKAGE", description = "The package's full name.")
  private String packageName = "";

  @Option(
      names = "--image",
      paramLabel = "FILE",
      required = true,
      description = "What buf build made of this package's files.")
  private Path file = Path.of("");

  @Override
  public Integer call() {
    try {
      Path directory = parent.directory();
      Contracts contracts = Contracts.read(directory);
      Image image = Image.read(file);
      if (image.filesOf(packageName).isEmpty()) {
        return refuse(
            "no .proto file has the package " + packageName,
            Suggestion.among(packageName, List.copyOf(image.packages())));
      }
      if (contracts.lifecycle().of(packageName).filter(State.RETIRED::equals).isPresent()) {
        return refuse(
            packageName + " is RETIRED", "publish a new version: a retired one does not come back");
      }
      for (String imported : image.importsOf(packageName)) {
        if (contracts.lifecycle().of(imported).isEmpty()) {
          return refuse(
              "%s imports %s, which is a draft".formatted(packageName, imported),
              "publish %s first".formatted(imported));
        }
      }
      Image published = contracts.frozen().get(packageName);
      List<Change> changes =
          published == null ? List.of() : FreezeRules.changes(packageName, published, image);
      List<Change> broken = changes.stream().filter(Change.Broken.class::isInstance).toList();
      if (!broken.isEmpty()) {
        broken.forEach(change -> refuse(change.what(), "put it back"));
        return refuse(
            packageName + " is published and changes by additions only",
            "make what is above part of its next version");
      }
      // Listed first: what is listed and has no image is published by the same command again.
      if (contracts.lifecycle().of(packageName).isEmpty()) {
        list(directory.resolve(Lifecycle.FILE));
      }
      write(Files.readAllBytes(file), Contracts.imageOf(directory, packageName));
      report(published == null, changes);
      return ExitCode.OK;
    } catch (IOException e) {
      return refuse(String.valueOf(e.getMessage()), "see proto/README.md");
    }
  }

  /**
   * Appended as text, because a YAML writer would lose the comments; whether that was right is read
   * back.
   */
  private void list(Path lifecycle) throws IOException {
    String before = Files.readString(lifecycle);
    String separator = before.endsWith("\n") ? "" : "\n";
    byte[] after =
        "%s%s  %s:%n    state: ACTIVE%n".formatted(before, separator, packageName).getBytes(UTF_8);
    Path draft = draftOf(lifecycle);
    Files.write(draft, after);
    try {
      if (Lifecycle.read(draft).of(packageName).filter(State.ACTIVE::equals).isEmpty()) {
        throw new IOException("packages is not the last key of " + lifecycle);
      }
      Files.move(draft, lifecycle, ATOMIC_MOVE, REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static void write(byte[] image, Path target) throws IOException {
    Files.createDirectories(Objects.requireNonNull(target.getParent()));
    Path draft = draftOf(target);
    Files.write(draft, image);
    Files.move(draft, target, ATOMIC_MOVE, REPLACE_EXISTING);
  }

  private static Path draftOf(Path file) {
    return file.resolveSibling(file.getFileName() + ".new");
  }

  private void report(boolean first, List<Change> changes) {
    PrintWriter out = spec.commandLine().getOut();
    if (first) {
      out.printf("%s is published: from now on it changes by additions only%n", packageName);
    } else if (changes.isEmpty()) {
      out.printf("%s is what was published before%n", packageName);
    } else {
      out.printf("%s has grown:%n", packageName);
      changes.forEach(change -> out.printf("  + %s%n", change.what()));
    }
    out.flush();
  }

  private int refuse(String problem, String fix) {
    spec.commandLine().getErr().printf("error: %s%n    fix: %s%n", problem, fix);
    return ExitCode.USAGE;
  }
}

package dev.tandem.e2e.drill;

import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.ClustersDownException;
import dev.tandem.e2e.cluster.Undo;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Drills on the running clusters, one or all. */
@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    description = "Breaks something in the running clusters under load, repairs it, and measures.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every goal was met, or its bound is known",
      "1:a goal was missed, or something could not be repaired",
      "2:bad input: an unknown drill, or clusters that are not healthy"
    })
public final class DrillCommand implements Callable<Integer> {
  private static final Duration RECOVERY = Duration.ofMinutes(3);
  private static final int SHOWN = 5;

  @Parameters(arity = "0..*", paramLabel = "NAME", description = "the drills; none lists them")
  private List<String> names = List.of();

  @Option(names = "--all", description = "every drill")
  private boolean all;

  @Option(
      names = "--control",
      description = "each drill a second time with Istio's defaults, for comparison")
  private boolean control;

  @Option(
      names = "--output",
      required = true,
      description = "the folder for drills.md, drills.json and the pictures")
  private Path output = Path.of("drills");

  @Option(names = "--root", required = true, description = "the checkout")
  private Path root = Path.of(".");

  private DrillCommand() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new DrillCommand()).execute(arguments));
  }

  @Override
  public Integer call() {
    List<String> unknown = names.stream().filter(name -> Drill.named(name).isEmpty()).toList();
    if (!unknown.isEmpty() || (names.isEmpty() && !all)) {
      unknown.forEach(name -> System.err.println("error: there is no drill '" + name + "'"));
      System.err.println("  fix: one of:\n" + list());
      return CommandLine.ExitCode.USAGE;
    }
    List<Drill> drills =
        all
            ? List.of(Drill.values())
            : names.stream().flatMap(name -> Drill.named(name).stream()).distinct().toList();
    try (Clusters clusters = Clusters.open(root, System.getenv())) {
      List<String> problems = Health.problems(clusters);
      if (!problems.isEmpty()) {
        System.err.println("error: the clusters are not healthy, and a drill would say nothing:");
        problems.forEach(problem -> System.err.println("  " + problem));
        System.err.println("  fix: make up; make status tells more");
        return CommandLine.ExitCode.USAGE;
      }
      return run(drills, Scene.of(root, clusters));
    } catch (ClustersDownException | IllegalArgumentException e) {
      System.err.println("error: " + e.getMessage());
      return CommandLine.ExitCode.USAGE;
    } catch (IllegalStateException | AssertionError e) {
      System.err.println("error: " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private int run(List<Drill> drills, Scene scene) {
    Instant started = Instant.now();
    List<Result> results = new ArrayList<>();
    boolean good = true;
    for (Drill drill : drills) {
      for (Result.Policies policies : Result.Policies.values()) {
        if (policies == Result.Policies.OURS || control) {
          System.out.printf("%n%s, %s: %s%n", drill.title(), policies, drill.breaks());
          good &= drilled(drill, scene, policies, results);
          if (!results.isEmpty()) {
            new Results(started, Machine.describe(), results).write(output);
          }
        }
      }
    }
    System.out.printf("%nResults: %s%n", output.resolve("drills.md"));
    return good ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  /** Does one drill; when it cannot be done to its end, the next one still can. */
  private static boolean drilled(
      Drill drill, Scene scene, Result.Policies policies, List<Result> results) {
    Undo undo = new Undo();
    boolean good;
    try {
      if (policies == Result.Policies.DEFAULTS) {
        IstioDefaults.apply(scene.clusters(), undo);
      }
      Result result = DrillRun.run(drill, scene, policies, undo);
      results.add(result);
      System.out.println("  " + Results.sentence(result));
      result.failures().limit(SHOWN).forEach(call -> System.out.println("    " + call.describe()));
      result.slowest().limit(SHOWN).forEach(call -> System.out.println("    " + call.describe()));
      if (policies == Result.Policies.OURS) {
        result.misses().forEach(miss -> System.out.println("  missed: " + miss.sentence()));
      }
      good = policies == Result.Policies.DEFAULTS || !result.failed();
    } catch (NotCalmException | AssertionError e) {
      System.out.println("  could not be done: " + e.getMessage());
      good = false;
    } finally {
      undo.run();
    }
    Health.await(scene.clusters(), RECOVERY);
    return good;
  }

  private static String list() {
    return Arrays.stream(Drill.values())
        .map(drill -> "    %-24s %s".formatted(drill.title(), drill.breaks()))
        .collect(Collectors.joining("\n"));
  }
}

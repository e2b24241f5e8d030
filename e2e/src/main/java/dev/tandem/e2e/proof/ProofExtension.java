package dev.tandem.e2e.proof;

import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.ClustersDownException;
import dev.tandem.e2e.cluster.Undo;
import dev.tandem.e2e.report.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives proofs what they need, puts back what they change, and keeps what they found. */
final class ProofExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterTestExecutionCallback,
        AfterEachCallback,
        AfterAllCallback,
        LifecycleMethodExecutionExceptionHandler,
        ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(ProofExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    String group = context.getRequiredTestClass().getAnnotation(Proof.class).value();
    System.out.printf("%n%s%n", group);
    try {
      run(context).clusters();
    } catch (ClustersDownException e) {
      run(context)
          .add(
              new Finding(
                  group,
                  "The clusters are up",
                  Finding.Outcome.FAILED,
                  Duration.ZERO,
                  List.of(),
                  List.of(),
                  String.valueOf(e.getMessage())));
      throw e;
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    System.out.println("  " + proof(context));
    store(context).put(Instant.class, Instant.now());
  }

  /**
   * Before anything is put back: the bundle shows the clusters as they were when the proof failed.
   */
  @Override
  public void afterTestExecution(ExtensionContext context) {
    context.getExecutionException().ifPresent(failure -> gather(context, proof(context), failure));
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    String group = context.getRequiredTestClass().getAnnotation(Proof.class).value();
    gather(context, group, failure);
    run(context)
        .add(
            new Finding(
                group,
                "What these proofs need is there",
                Finding.Outcome.FAILED,
                Duration.ZERO,
                List.of(),
                List.of(),
                String.valueOf(failure.getMessage())));
    throw failure;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Optional<Throwable> failure = context.getExecutionException();
    try {
      undo(context).run();
    } catch (AssertionError e) {
      failure.ifPresent(e::addSuppressed);
      keep(context, failure.isPresent() ? failure : Optional.of(e));
      throw e;
    }
    keep(context, failure);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    undo(context).run();
  }

  private static void keep(ExtensionContext context, Optional<Throwable> failure) {
    Instant started = store(context).get(Instant.class, Instant.class);
    Evidence evidence = evidence(context);
    run(context)
        .add(
            new Finding(
                context.getRequiredTestClass().getAnnotation(Proof.class).value(),
                proof(context),
                failure.isPresent() ? Finding.Outcome.FAILED : Finding.Outcome.PROVEN,
                Duration.between(started, Instant.now()),
                evidence.sentences(),
                evidence.timelines(),
                failure.map(Throwable::toString).orElse("")));
  }

  private static void gather(ExtensionContext context, String proof, Throwable failure) {
    System.out.println("    failed: " + failure);
    System.out.println("    gathering logs, events and proxies' configuration");
    new Bundle(run(context).bundle()).gather(run(context).clusters(), proof);
  }

  /**
   * The method's name as a sentence; for one of several runs of a method, with what this run is
   * about.
   */
  private static String proof(ExtensionContext context) {
    String sentence = Sentence.of(context.getRequiredTestMethod().getName());
    boolean several =
        !context.getDisplayName().startsWith(context.getRequiredTestMethod().getName() + "(");
    return several ? sentence + ": " + context.getDisplayName() : sentence;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Clusters.class || type == Undo.class || type == Evidence.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    if (type == Clusters.class) {
      return run(context).clusters();
    }
    return type == Undo.class ? undo(context) : evidence(context);
  }

  private static Run run(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(Run.class, key -> new Run(), Run.class);
  }

  // The stores of a class and of its methods differ only in where a value is first put: by the
  // context's own id.
  private static Undo undo(ExtensionContext context) {
    return store(context)
        .computeIfAbsent("undo-" + context.getUniqueId(), key -> new Undo(), Undo.class);
  }

  private static Evidence evidence(ExtensionContext context) {
    return store(context)
        .computeIfAbsent(
            "evidence-" + context.getUniqueId(), key -> new Evidence(), Evidence.class);
  }

  private static Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE);
  }
}

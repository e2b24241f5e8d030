package dev.tandem.cli.contracts;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import dev.tandem.cli.contracts.Lifecycle.State;
import dev.tandem.cli.contracts.Violation.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What may become of published contracts. Decision 0021 explains each rule; {@code
 * proto/tests/invalid} holds an example that breaks it.
 */
final class FreezeRules {

  private final List<Violation> violations = new ArrayList<>();

  private FreezeRules() {}

  /**
   * Judges the contracts as they are now.
   *
   * @param sources what the .proto files compile to
   */
  static List<Violation> check(Contracts now, Image sources) {
    FreezeRules rules = new FreezeRules();
    now.frozen().keySet().forEach(packageName -> rules.isListed(now, packageName));
    now.lifecycle()
        .states()
        .forEach((packageName, state) -> rules.isFrozen(now, sources, packageName, state));
    return List.copyOf(rules.violations);
  }

  /** Judges what became of the contracts since another moment, usually the main branch. */
  static List<Violation> checkSince(Contracts before, Contracts now) {
    FreezeRules rules = new FreezeRules();
    before
        .lifecycle()
        .states()
        .forEach((packageName, state) -> rules.madeOneStep(before, now, packageName, state));
    before.frozen().forEach((packageName, image) -> rules.imageOnlyGrew(now, packageName, image));
    return List.copyOf(rules.violations);
  }

  private void isListed(Contracts now, String packageName) {
    if (now.lifecycle().of(packageName).isEmpty()) {
      refuse(
          Rule.LISTED,
          "%s was published and is not listed in lifecycle.yaml".formatted(packageName),
          "list it again: an entry ends as RETIRED, it is never deleted");
    }
  }

  private void isFrozen(Contracts now, Image sources, String packageName, State state) {
    Image image = now.frozen().get(packageName);
    if (image == null) {
      refuse(
          Rule.IMAGE_KEPT,
          "%s is %s and has no image in frozen/".formatted(packageName, state),
          "make publish VERSION=%s, or restore the image".formatted(packageName));
      return;
    }
    if (sources.filesOf(packageName).isEmpty()) {
      if (state != State.RETIRED) {
        refuse(
            Rule.SERVED,
            "%s is %s and its .proto files were removed".formatted(packageName, state),
            "restore them: a package may go when it is RETIRED");
      }
      return;
    }
    compare(packageName, state, image, sources);
    for (String imported : sources.importsOf(packageName)) {
      if (now.lifecycle().of(imported).isEmpty()) {
        refuse(
            Rule.NO_DRAFT_INSIDE,
            "%s is published and imports %s, which is a draft".formatted(packageName, imported),
            "publish %s first, or keep its messages out".formatted(imported));
      }
    }
  }

  private void compare(String packageName, State state, Image frozen, Image sources) {
    for (Change change : changes(packageName, frozen, sources)) {
      switch (change) {
        case Change.Broken(String what) ->
            refuse(
                Rule.ONLY_ADDITIONS,
                what,
                "put it back: %s is published and changes by additions only; anything else"
                        .formatted(packageName)
                    + " belongs in its next version");
        case Change.Added(String what) ->
            refuse(
                Rule.PUBLISHED_WHOLE,
                "%s has an addition that is not published: %s".formatted(packageName, what),
                state == State.RETIRED
                    ? "take it out: a RETIRED package does not grow"
                    : "make publish VERSION=%s, so that nobody can take it back"
                        .formatted(packageName));
      }
    }
  }

  /** What differs between a package as it was published and as it is. */
  static List<Change> changes(String packageName, Image published, Image now) {
    List<Change> changes = new ArrayList<>();
    for (FileDescriptorProto file : published.filesOf(packageName)) {
      Optional<FileDescriptorProto> current = now.file(file.getName());
      if (current.isEmpty()) {
        changes.add(new Change.Broken("%s was removed".formatted(file.getName())));
      } else {
        changes.addAll(Comparison.of(file, current.get()));
      }
    }
    for (FileDescriptorProto file : now.filesOf(packageName)) {
      if (published.file(file.getName()).isEmpty()) {
        changes.add(new Change.Added("file %s".formatted(file.getName())));
      }
    }
    return changes;
  }

  private void madeOneStep(Contracts before, Contracts now, String packageName, State state) {
    Optional<State> next = now.lifecycle().of(packageName);
    if (next.isEmpty()) {
      refuse(
          Rule.NEVER_FORGOTTEN,
          "%s was %s and is not listed any more".formatted(packageName, state),
          "list it again: an entry ends as RETIRED, it is never deleted");
      return;
    }
    if (!state.mayBecome(next.get())) {
      refuse(
          state == State.RETIRED ? Rule.NEVER_BACK : Rule.ONE_STEP,
          "%s was %s and is %s now".formatted(packageName, state, next.get()),
          state == State.RETIRED
              ? "publish a new version: its clients were turned away, and others must not meet them"
              : "deprecate it first, so that its callers are told");
    }
    boolean gone = !before.withSources().contains(packageName);
    if (state == State.RETIRED && gone && now.withSources().contains(packageName)) {
      refuse(
          Rule.NEVER_BACK,
          "%s is RETIRED, and its .proto files are back".formatted(packageName),
          "remove them: publish a new version instead");
    }
  }

  private void imageOnlyGrew(Contracts now, String packageName, Image before) {
    Image image = now.frozen().get(packageName);
    if (image == null) {
      refuse(
          Rule.NEVER_FORGOTTEN,
          "the image of %s was removed from frozen/".formatted(packageName),
          "restore it: it is the record of what clients were promised");
      return;
    }
    changes(packageName, before, image).stream()
        .filter(Change.Broken.class::isInstance)
        .forEach(
            change ->
                refuse(
                    Rule.ONLY_ADDITIONS,
                    "the image of %s was replaced: %s".formatted(packageName, change.what()),
                    "restore it: an image is written by make publish, which only takes additions"));
  }

  private void refuse(Rule rule, String problem, String fix) {
    violations.add(new Violation(rule, problem, fix));
  }
}

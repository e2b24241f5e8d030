package dev.tandem.registry;

import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Remembers all that a watch told it. */
final class RecordedViews implements InstancesListener {

  private final List<Instances> views = new CopyOnWriteArrayList<>();
  private final List<String> problems = new CopyOnWriteArrayList<>();

  @Override
  public void changed(Instances instances) {
    views.add(instances);
  }

  @Override
  public void unknown(String problem) {
    problems.add(problem);
  }

  List<Instances> all() {
    return List.copyOf(views);
  }

  List<String> problems() {
    return List.copyOf(problems);
  }

  /** What it was told last. */
  List<Instance> last() {
    List<Instances> all = all();
    return all.isEmpty() ? List.of() : all.getLast().instances();
  }

  /** Waits until the last view is as described. */
  List<Instance> awaitLast(Predicate<List<Instance>> description) {
    return await("the view to become what is expected")
        .atMost(ServerProcess.LIMIT)
        .until(() -> all().isEmpty() ? null : last(), now -> now != null && description.test(now));
  }

  /** Waits until the last view has exactly these. */
  void awaitLast(Instance... instances) {
    List<Instance> expected = List.of(instances);
    var _ = awaitLast(expected::equals);
  }
}

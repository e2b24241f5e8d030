package dev.tandem.cli.migrate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A cluster in memory, which can be lost, refuse, or see the command die at any operation. */
final class FakeCluster implements MigratedCluster {

  /** The process is gone: nothing catches this, and nothing works after it. */
  static final class Death extends Error {
    private static final long serialVersionUID = 1;
  }

  /** One process that calls all clusters, and dies at the chosen one of its operations. */
  static final class CommandProcess {
    private final AtomicInteger operations = new AtomicInteger();
    private final AtomicBoolean dead = new AtomicBoolean();
    private final List<FakeCluster> clusters = new CopyOnWriteArrayList<>();
    private int dyingAt = Integer.MAX_VALUE;

    /** What callers in any reachable cluster rely on. */
    private void require(String rule, Predicate<FakeCluster> holds) {
      clusters.stream()
          .filter(cluster -> !cluster.lost && !cluster.refusing)
          .forEach(
              cluster -> {
                if (!holds.test(cluster)) {
                  throw new AssertionError("%s, but not %s".formatted(rule, cluster.name));
                }
              });
    }

    void diesAt(int operation) {
      dyingAt = operation;
    }

    void startsAnew() {
      dead.set(false);
      dyingAt = Integer.MAX_VALUE;
    }

    int operations() {
      return operations.get();
    }

    private void step() {
      if (operations.incrementAndGet() >= dyingAt) {
        dead.set(true);
      }
      if (dead.get()) {
        throw new Death();
      }
    }
  }

  /** What is wrong with the new deployment. */
  enum Candidate {
    SOUND,
    SLOW,
    COLD,
    FAILING_ONE_IN_TWENTY,
    HIDING_FAILURES,
    CRASHING,
    LYING,
    IDLE
  }

  private final String name;
  private final CommandProcess process;
  private final Map<String, Progress> records = new ConcurrentHashMap<>();
  private volatile Shape shape = Shape.ORIGINAL;
  private volatile boolean prepared;
  private boolean promoted;
  private Optional<Holder> holder = Optional.empty();
  private boolean lost;
  private boolean lostWhenChanged;
  private boolean refusing;
  private Candidate candidate = Candidate.SOUND;
  private int readings;
  private int restarts;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Shape> applied = new ArrayList<>();

  FakeCluster(String name, CommandProcess process) {
    this.name = name;
    this.process = process;
    process.clusters.add(this);
  }

  boolean isPrepared() {
    return prepared;
  }

  /** Whether the deployment that is released is what was the new one. */
  boolean isPromoted() {
    return promoted;
  }

  Shape shape() {
    return shape;
  }

  List<Shape> applied() {
    return applied;
  }

  void isLost(boolean value) {
    lost = value;
  }

  /** It goes when it is told to change, and nobody knows how far that came. */
  void isLostWhenChanged() {
    lostWhenChanged = true;
  }

  void refuses(boolean value) {
    refusing = value;
  }

  void has(Candidate value) {
    candidate = value;
  }

  void has(Problem problem) {
    problems.add(problem);
  }

  void isHeldBy(String owner) {
    holder = Optional.of(new Holder(owner, Instant.EPOCH));
  }

  Optional<Progress> record(String service) {
    return Optional.ofNullable(records.get(service));
  }

  private void reach() {
    process.step();
    if (lost) {
      throw new ClusterException(name, "does not answer");
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Problem> problems(Migration migration) {
    reach();
    return List.copyOf(problems);
  }

  @Override
  public Optional<Progress> progress(String service) {
    reach();
    return record(service);
  }

  @Override
  public void remember(Progress progress) {
    reach();
    records.put(progress.migration().service(), progress);
  }

  @Override
  public void forget(String service) {
    reach();
    records.remove(service);
  }

  @Override
  public boolean prepare(Migration migration) {
    reach();
    boolean changed = !prepared;
    prepared = true;
    process.step();
    return changed;
  }

  @Override
  public void withdraw(Migration migration, boolean toPromoted) {
    reach();
    if (prepared && shape.candidate()) {
      shape = new Phase.Beside().shape();
    }
    process.step();
  }

  @Override
  public void promote(Migration migration) {
    reach();
    process.require(
        "nobody calls the pods that are replaced", cluster -> cluster.shape.weight() == 100);
    if (refusing) {
      throw new ClusterException(name, "refuses");
    }
    promoted = true;
    process.step();
  }

  @Override
  public void demote(Migration migration) {
    reach();
    promoted = false;
    process.step();
  }

  @Override
  public void clean(Migration migration) {
    reach();
    process.require("nobody names a deployment", cluster -> cluster.shape.equals(Shape.ORIGINAL));
    prepared = false;
    process.step();
  }

  @Override
  public void apply(Migration migration, Shape wanted) {
    lost = lost || lostWhenChanged;
    lostWhenChanged = false;
    reach();
    if (wanted.candidate()) {
      process.require("every gateway knows the deployments", cluster -> cluster.prepared);
    } else {
      process.require(
          "nobody calls a deployment that goes",
          cluster -> cluster.shape.weight() == 0 && !cluster.shape.mirror());
    }
    if (refusing && !wanted.equals(Shape.ORIGINAL) && !wanted.equals(shape)) {
      throw new ClusterException(name, "refuses");
    }
    shape = wanted;
    applied.add(wanted);
    // Dying after the change and before anybody knows.
    process.step();
  }

  @Override
  public List<String> drift(Migration migration, Shape wanted) {
    return shape.equals(wanted) ? List.of() : List.of("%s is %s".formatted(name, shape));
  }

  /** Ten thousand calls between two readings, shared as the weight says. */
  @Override
  public Reading read(Migration migration) {
    reach();
    readings++;
    if (candidate == Candidate.CRASHING) {
      restarts++;
    }
    long all = 10_000L * readings;
    Map<Track, Calls> calls = new HashMap<>();
    calls.put(Track.STABLE, sound(all * (100 - shape.weight()) / 100));
    calls.put(Track.CANDIDATE, calls(all * (shape.mirror() ? 100 : shape.weight()) / 100));
    return new Reading(Map.of("caller", calls), restarts);
  }

  private Calls calls(long count) {
    return switch (candidate) {
      case SOUND, LYING, CRASHING -> sound(count);
      case IDLE -> Calls.NONE;
      case COLD -> cold(count);
      case SLOW -> new Calls(Map.of(0, count), 0, latency(count, 800));
      case FAILING_ONE_IN_TWENTY ->
          new Calls(Map.of(0, count - count / 20, 14, count / 20), 0, latency(count, 20));
      case HIDING_FAILURES -> new Calls(Map.of(0, count), count / 20, latency(count, 20));
    };
  }

  /** Its first copies are slow; what comes after them is not. */
  private Calls cold(long count) {
    long slow = shape.mirror() ? Math.min(count, 70_000) : 0;
    return new Calls(Map.of(0, count), 0, latency(slow, 800).plus(latency(count - slow, 20)));
  }

  private static Calls sound(long count) {
    return new Calls(Map.of(0, count), 0, latency(count, 20));
  }

  private static Histogram latency(long count, double millis) {
    return new Histogram(
        new TreeMap<>(Map.of(millis / 2, 0L, millis, count, Double.POSITIVE_INFINITY, count)));
  }

  @Override
  public List<Answer> answers(Migration migration, Track track, Instant since) {
    reach();
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < 100 && candidate != Candidate.IDLE; i++) {
      boolean lie = track == Track.CANDIDATE && candidate == Candidate.LYING && i % 50 == 7;
      answers.add(
          new Answer(name + i, "tandem.user.v1.UserService/GetUser", lie ? "OK 0bad" : "OK 600d"));
    }
    return answers;
  }

  @Override
  public Optional<Holder> claim(String service, String owner) {
    reach();
    if (holder.isPresent() && !holder.get().owner().equals(owner)) {
      return holder;
    }
    holder = Optional.of(new Holder(owner, Instant.EPOCH));
    return Optional.empty();
  }

  @Override
  public void release(String service, String owner) {
    reach();
    holder = Optional.empty();
  }
}

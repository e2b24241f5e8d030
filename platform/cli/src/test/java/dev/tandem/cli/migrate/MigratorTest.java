package dev.tandem.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.cli.migrate.FakeCluster.Candidate;
import dev.tandem.cli.migrate.FakeCluster.Death;
import dev.tandem.cli.migrate.Shape.OldVersion;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class MigratorTest {

  private static final Migration TO_V2 = migration("tandem.user.v1", "tandem.user.v2");
  private static final Phase RETIRED = new Phase.Retirement();

  private final FakeCluster.CommandProcess process = new FakeCluster.CommandProcess();
  private final FakeCluster shanghai = new FakeCluster("shanghai", process);
  private final FakeCluster beijing = new FakeCluster("beijing", process);
  private final List<String> warnings = new ArrayList<>();
  private Instant time = Instant.parse("2026-11-24T10:00:00Z");

  @Test
  void movesEveryClusterThroughEveryPhase() throws Exception {
    Outcome outcome = run(RETIRED);

    assertThat(outcome).isEqualTo(new Outcome.Reached(RETIRED, "every cluster is there"));
    assertThat(shanghai.applied())
        .isEqualTo(TO_V2.course().phases().stream().skip(1).map(Phase::shape).toList());
    assertThat(beijing.applied()).isEqualTo(shanghai.applied());
  }

  @Test
  void stopsAtItsGoalAndGoesOnFromThere() throws Exception {
    run(new Phase.Shifted(20));
    assertThat(shanghai.shape()).isEqualTo(new Shape(true, false, 20, OldVersion.ACTIVE));

    run(new Phase.Deprecation());

    assertThat(beijing.shape()).isEqualTo(new Shape(true, false, 100, OldVersion.DEPRECATED));
  }

  @Test
  void undoesOneStepAndThenTheNext() throws Exception {
    run(RETIRED);
    List<Phase> backwards = TO_V2.course().phases().reversed();

    for (Phase phase : backwards.subList(1, backwards.size())) {
      migrator().undo("user");
      assertThat(List.of(shanghai.shape(), beijing.shape())).containsOnly(phase.shape());
    }

    assertThat(shanghai.record("user")).isEmpty();
    assertThat(migrator().undo("user"))
        .isEqualTo(
            Outcome.Refused.because(
                "no migration of user is under way", "tandem status shows those that are"));
  }

  @Test
  void putsEverythingBackAtOnce() throws Exception {
    run(new Phase.Shifted(50));

    Outcome outcome = migrator().rollBack("user");

    assertThat(outcome).isInstanceOf(Outcome.RolledBack.class);
    assertIsUntouched();
  }

  @Test
  void changesNothingWhenOneClusterIsLost() throws Exception {
    run(new Phase.Shifted(5));
    beijing.isLost(true);

    Outcome outcome = run(new Phase.Shifted(20));

    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(outcome.toString()).contains("beijing: does not answer");
    assertThat(shanghai.shape().weight()).isEqualTo(5);
  }

  @Test
  void putsTheOthersBackWhenOneRefuses() throws Exception {
    run(new Phase.Shifted(5));
    beijing.refuses(true);

    Outcome outcome = run(new Phase.Shifted(20));

    assertThat(outcome).isInstanceOf(Outcome.RolledBack.class);
    assertThat(outcome.toString()).contains("beijing: refuses");
    assertThat(List.of(shanghai.shape(), beijing.shape()))
        .containsOnly(new Phase.Shifted(5).shape());
    assertThat(shanghai.record("user").flatMap(Progress::intent)).isEmpty();
  }

  @Test
  void putsTheOthersBackWhenOneIsLostWhileItChanges() throws Exception {
    run(new Phase.Shifted(5));
    beijing.isLostWhenChanged();

    Outcome outcome = run(new Phase.Shifted(20));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.RolledBack.class,
            back -> assertThat(back.unreachable()).containsExactly("beijing"));
    assertThat(shanghai.shape().weight()).isEqualTo(5);

    beijing.isLost(false);
    assertThat(run(new Phase.Shifted(20))).isInstanceOf(Outcome.Reached.class);
    assertThat(List.of(shanghai.shape().weight(), beijing.shape().weight())).containsOnly(20);
  }

  @Test
  void stepsBackWhileAClusterIsLostWhichThenCatchesUp() throws Exception {
    run(new Phase.Shifted(20));
    beijing.isLost(true);

    Outcome outcome = back(migrator -> migrator.undo("user"));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.RolledBack.class,
            back -> assertThat(back.unreachable()).containsExactly("beijing"));
    assertThat(shanghai.shape().weight()).isEqualTo(5);

    beijing.isLost(false);
    migrator().recover("user");

    assertThat(beijing.shape().weight()).isEqualTo(5);
  }

  @Test
  void putsEverythingBackWhileAClusterIsLostWhichThenCatchesUp() throws Exception {
    run(new Phase.Shifted(20));
    beijing.isLost(true);

    back(migrator -> migrator.rollBack("user"));

    assertThat(shanghai.shape()).isEqualTo(Shape.ORIGINAL);
    assertThat(shanghai.isPrepared()).as("callers in beijing may name a deployment").isTrue();

    beijing.isLost(false);
    migrator().recover("user");

    assertIsUntouched();
  }

  @Test
  void finishesWhatIsRetired() throws Exception {
    run(RETIRED);

    Outcome outcome = migrator().finish("user");

    assertThat(outcome).isInstanceOf(Outcome.Finished.class);
    assertIsUntouched();
    assertThat(List.of(shanghai.isPromoted(), beijing.isPromoted())).containsOnly(true);
  }

  @Test
  void finishesNothingThatCallersOfTheOldVersionStillUse() throws Exception {
    run(new Phase.Deprecation());

    Outcome outcome = migrator().finish("user");

    assertThat(outcome.toString()).contains("user is deprecated: only what is retired");
    assertThat(shanghai.isPromoted()).isFalse();
  }

  @Test
  void finishesInNoClusterWhenOneRefusesAndCanStillPutEverythingBack() throws Exception {
    run(RETIRED);
    beijing.refuses(true);

    Outcome outcome = migrator().finish("user");

    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(List.of(shanghai.shape(), beijing.shape())).containsOnly(RETIRED.shape());

    beijing.refuses(false);
    migrator().rollBack("user");

    assertIsUntouched();
    assertThat(List.of(shanghai.isPromoted(), beijing.isPromoted())).containsOnly(false);
  }

  @Test
  void leavesNoTraceWhenTheFirstStepIsRefused() throws Exception {
    beijing.refuses(true);

    run(RETIRED);

    assertIsUntouched();
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILING_ONE_IN_TWENTY", "HIDING_FAILURES"})
  void takesTheFirstShareBackWhenTheNewDeploymentIsWorse(Candidate bad) throws Exception {
    shanghai.has(bad);
    beijing.has(bad);

    Outcome outcome = run(RETIRED);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.RolledBack.class,
            back -> {
              assertThat(back.from()).isEqualTo(new Phase.Shifted(1));
              assertThat(back.to()).isEqualTo(new Phase.Mirrored());
            });
    assertThat(List.of(shanghai.shape(), beijing.shape()))
        .containsOnly(new Phase.Mirrored().shape());
  }

  @Test
  void takesTheMirrorBackWhenCopiesStaySlow() throws Exception {
    shanghai.has(Candidate.SLOW);
    beijing.has(Candidate.SLOW);

    Outcome outcome = run(RETIRED);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.RolledBack.class,
            back -> {
              assertThat(back.reason()).startsWith("its P99 is 796 ms, and 80 ms are allowed");
              assertThat(back.from()).isEqualTo(new Phase.Mirrored());
              assertThat(back.to()).isEqualTo(new Phase.Beside());
            });
  }

  @Test
  void waitsUntilCopiesHaveWarmedUpWhatHasJustStarted() throws Exception {
    shanghai.has(Candidate.COLD);
    beijing.has(Candidate.COLD);

    Outcome outcome = run(RETIRED);

    assertThat(outcome).isInstanceOf(Outcome.Reached.class);
    assertThat(shanghai.shape()).isEqualTo(RETIRED.shape());
  }

  @Test
  void takesBackWhatFailsOnlyWhenCalledFromOneCluster() throws Exception {
    beijing.has(Candidate.FAILING_ONE_IN_TWENTY);

    Outcome outcome = run(RETIRED);

    assertThat(outcome.toString()).contains("called from beijing");
    assertThat(shanghai.shape()).isEqualTo(new Phase.Mirrored().shape());
  }

  @Test
  void takesTheMirrorBackWhenAnAnswerDiffers() throws Exception {
    beijing.has(Candidate.LYING);

    Outcome outcome = run(RETIRED);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.RolledBack.class,
            back -> {
              assertThat(back.reason()).startsWith("2 of 200 answers differ");
              assertThat(back.to()).isEqualTo(new Phase.Beside());
            });
    assertThat(shanghai.shape().mirror()).isFalse();
  }

  @Test
  void takesTheDeploymentAwayWhenItCrashes() throws Exception {
    shanghai.has(Candidate.CRASHING);

    Outcome outcome = run(RETIRED);

    assertThat(outcome.toString()).contains("the new deployment was restarted");
    assertIsUntouched();
  }

  @Test
  void takesBackAShareAtWhichItBecomesBad() throws Exception {
    run(new Phase.Shifted(20));
    shanghai.has(Candidate.FAILING_ONE_IN_TWENTY);
    beijing.has(Candidate.FAILING_ONE_IN_TWENTY);

    run(RETIRED);

    assertThat(List.of(shanghai.shape(), beijing.shape()))
        .containsOnly(new Phase.Shifted(20).shape());
  }

  @Test
  void judgesByEarlierCallsWhenTheOldDeploymentHasNone() throws Exception {
    run(new Phase.Shifted(50));
    shanghai.has(Candidate.SLOW);
    beijing.has(Candidate.SLOW);

    Outcome outcome = run(new Phase.Shifted(100));

    assertThat(outcome).isInstanceOf(Outcome.RolledBack.class);
    assertThat(shanghai.shape().weight()).isEqualTo(50);
  }

  @Test
  void waitsWithoutCallsAndJudgesAgainLater() throws Exception {
    run(new Phase.Mirrored());
    shanghai.has(Candidate.IDLE);
    beijing.has(Candidate.IDLE);

    Outcome waiting = run(RETIRED);
    assertThat(waiting)
        .isEqualTo(
            new Outcome.Waiting(
                new Phase.Shifted(1), "0 calls of the new deployment, and 100 are needed"));
    shanghai.has(Candidate.SOUND);
    beijing.has(Candidate.SOUND);

    assertThat(run(RETIRED)).isInstanceOf(Outcome.Reached.class);
  }

  @Test
  void refusesWhileSomebodyElseIsAtWorkAndLetsGoOfWhatItHad() throws Exception {
    beijing.isHeldBy("grace@laptop");

    Outcome outcome = run(RETIRED);

    assertThat(outcome.toString()).contains("user is being migrated by grace@laptop");
    assertThat(shanghai.claim("user", "somebody")).isEmpty();
    assertIsUntouched();
  }

  @Test
  void refusesAnotherMigrationOfTheSameService() throws Exception {
    run(new Phase.Shifted(5));
    Migration toV3 = migration("tandem.user.v2", "tandem.user.v3");

    Outcome outcome = migrator().run(toV3, RETIRED);

    assertThat(outcome.toString())
        .contains(
            "user is being migrated from tandem.user.v1 to tandem.user.v2 already, and is shifted-5");
    assertThat(shanghai.shape().weight()).isEqualTo(5);
  }

  @Test
  void namesWhatIsInTheWayInEveryClusterAndChangesNothing() throws Exception {
    shanghai.has(new MigratedCluster.Problem("shanghai: no Deployment user", "deploy it"));
    beijing.has(new MigratedCluster.Problem("beijing: no Deployment user", "deploy it"));

    Outcome outcome = run(RETIRED);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refused.class, refused -> assertThat(refused.problems()).hasSize(2));
    assertIsUntouched();
  }

  @Test
  void goesBackWhereItCanAndInTheOtherClusterWhenThatWorksAgain() throws Exception {
    run(new Phase.Shifted(20));
    beijing.refuses(true);

    Outcome outcome = migrator().undo("user");

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.RolledBack.class,
            back -> assertThat(back.unreachable()).containsExactly("beijing"));
    assertThat(shanghai.shape().weight()).isEqualTo(5);
    assertThat(beijing.shape().weight()).isEqualTo(20);

    beijing.refuses(false);
    migrator().recover("user");

    assertThat(beijing.shape().weight()).isEqualTo(5);
  }

  /** Wherever the command dies, the next one finds every cluster in one and the same phase. */
  @Test
  void survivesItsDeathAtEveryStepForward() throws Exception {
    run(RETIRED);
    int operations = process.operations();
    assertThat(operations).isGreaterThan(100);

    for (int death = 1; death <= operations; death++) {
      diesAndIsRunAgain(death, Stream.empty(), migrator -> migrator.run(TO_V2, RETIRED));
    }
  }

  @Test
  void survivesItsDeathAtEveryStepBack() throws Exception {
    for (int death = 1; death <= 60; death++) {
      diesAndIsRunAgain(
          death, Stream.of(new Phase.Shifted(20)), migrator -> migrator.rollBack("user"));
    }
  }

  @Test
  void survivesItsDeathAtEveryStepOfFinishing() throws Exception {
    for (int death = 1; death <= 60; death++) {
      diesAndIsRunAgain(death, Stream.of(RETIRED), migrator -> migrator.finish("user"));
    }
  }

  private interface Command {
    Outcome on(Migrator migrator) throws InterruptedException;
  }

  private static void diesAndIsRunAgain(int death, Stream<Phase> reached, Command command)
      throws InterruptedException {
    FakeCluster.CommandProcess process = new FakeCluster.CommandProcess();
    List<FakeCluster> clusters =
        List.of(new FakeCluster("shanghai", process), new FakeCluster("beijing", process));
    Instant now = Instant.parse("2026-11-24T10:00:00Z");
    Migrator migrator =
        new Migrator(
            List.copyOf(clusters),
            Gate.USUAL,
            Clock.fixed(now, ZoneOffset.UTC),
            _ -> {},
            new Silent(new ArrayList<>()));
    for (Phase phase : reached.toList()) {
      migrator.run(TO_V2, phase);
    }
    process.diesAt(process.operations() + death);
    try {
      command.on(migrator);
    } catch (Death e) {
      // As planned.
    } catch (IllegalStateException e) {
      assertThat(e).as("what happened on one of its threads").hasCauseInstanceOf(Death.class);
    }
    process.startsAnew();

    Optional<Progress> progress = migrator.recover("user");

    Shape expected = progress.map(Progress::phase).orElse(new Phase.Untouched()).shape();
    assertThat(clusters)
        .as("after dying at operation %d", death)
        .allSatisfy(
            cluster -> {
              assertThat(cluster.shape()).isEqualTo(expected);
              assertThat(cluster.record("user")).isEqualTo(progress);
            });
    command.on(migrator);
    assertThat(clusters.getFirst().shape()).isEqualTo(clusters.getLast().shape());
    assertThat(clusters.getFirst().isPromoted()).isEqualTo(clusters.getLast().isPromoted());
  }

  private Outcome back(Command command) throws InterruptedException {
    Migrator migrator = migrator();
    return migrator.claimed(
        "user", "ada@laptop", Migrator.Needed.WHO_ANSWERS, () -> command.on(migrator));
  }

  private void assertIsUntouched() {
    assertThat(List.of(shanghai.shape(), beijing.shape())).containsOnly(Shape.ORIGINAL);
    assertThat(shanghai.record("user")).isEmpty();
    assertThat(beijing.record("user")).isEmpty();
    assertThat(shanghai.isPrepared() || beijing.isPrepared()).isFalse();
  }

  private static Migration migration(String from, String to) {
    return new Migration("user", from, to, Optional.empty(), Map.of(), Course.USUAL);
  }

  private Outcome run(Phase goal) throws InterruptedException {
    return migrator()
        .claimed(
            "user", "ada@laptop", Migrator.Needed.EVERY_CLUSTER, () -> migrator().run(TO_V2, goal));
  }

  /** Its clock goes on by what it waits for. */
  private Migrator migrator() {
    Clock clock =
        new Clock() {
          @Override
          public Instant instant() {
            return time;
          }

          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }
        };
    return new Migrator(
        List.of(shanghai, beijing), Gate.USUAL, clock, this::pauses, new Silent(warnings));
  }

  private void pauses(Duration duration) throws InterruptedException {
    if (Thread.currentThread().getName().equals("lease")) {
      // Renewing is not what these tests are about: it waits until it is interrupted.
      new CountDownLatch(1).await();
    }
    time = time.plus(duration);
  }

  private record Silent(List<String> warnings) implements Witness {
    @Override
    public void moving(Phase from, Phase to) {}

    @Override
    public void reached(Phase phase) {}

    @Override
    public void waiting(Phase phase, String seen) {}

    @Override
    public void passed(Phase phase, String seen) {}

    @Override
    public void warning(String what) {
      warnings.add(what);
    }
  }
}

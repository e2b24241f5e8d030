package dev.tandem.lifecycle;

import io.grpc.Server;
import io.grpc.Status;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Takes a server out of service in an order in which no call is lost:
 *
 * <ol>
 *   <li>Health says NOT_SERVING, so that whoever asks chooses another instance.
 *   <li>Participants leave: registries forget the instance.
 *   <li>Calls are still taken for the withdraw delay, from callers that have not heard yet.
 *   <li>The server stops accepting connections and sends GOAWAY on those that it has. Calls that
 *       cross the GOAWAY are served (RFC 9113, section 6.8: the first GOAWAY names the highest
 *       stream, the second, a round trip later, the last one that was taken). Streams that do not
 *       end by themselves are ended.
 *   <li>Calls in flight finish, for at most the drain timeout. What is left is ended with
 *       UNAVAILABLE.
 * </ol>
 *
 * Whatever calls need, such as a pool of connections, is closed by the caller of {@link #run} after
 * it has returned.
 */
public final class Drain {

  private static final Logger LOG = Logger.getLogger(Drain.class);

  /** For statuses of calls that were cut off to reach their callers. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  /**
   * Streams that belong to no caller's work and that their clients keep open for ever. Their
   * clients know UNAVAILABLE: they ask another server.
   */
  private static final Set<String> INFRASTRUCTURE =
      Set.of(
          "grpc.health.v1.Health/Watch",
          "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
          "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo");

  private final ServerHealth health;
  private final CallsInFlight calls;
  private final List<DrainParticipant> participants;
  private final DrainPlan plan;

  /** For the servers whose calls {@code calls} intercepts. */
  public Drain(
      ServerHealth health,
      CallsInFlight calls,
      List<? extends DrainParticipant> participants,
      DrainPlan plan) {
    this.health = health;
    this.calls = calls;
    this.participants =
        participants.stream()
            .sorted(Comparator.comparingInt(DrainParticipant::order))
            .collect(Collectors.toUnmodifiableList());
    this.plan = plan;
  }

  /**
   * What became of the calls.
   *
   * @param inFlight how many there were when the server stopped accepting
   * @param cutOff how many were ended at the drain timeout
   * @param elapsed how long the drain took
   */
  public record Report(int inFlight, int cutOff, Duration elapsed) {}

  /**
   * Runs all steps and returns when no call is left. Interrupted, it hurries: what is in flight is
   * cut off.
   */
  public Report run() {
    long start = System.nanoTime();
    health.leave();
    LOG.info("Going away: health says NOT_SERVING");
    participants.forEach(this::leave);
    awaitWithdrawal();

    int inFlight = calls.count();
    Set<Server> servers = calls.servers();
    LOG.infof("No longer accepting, %d calls in flight", inFlight);
    servers.forEach(Server::shutdown);
    participants.forEach(Drain::endStreams);
    calls.end(
        INFRASTRUCTURE::contains,
        Status.UNAVAILABLE.withDescription("this server is going away: ask another"));
    int cutOff = 0;
    if (!awaitTermination(servers, plan.drainTimeout())) {
      cutOff =
          calls.end(
              any -> true,
              Status.UNAVAILABLE.withDescription(
                  "this server is going away and has waited for tandem.lifecycle.drain-timeout (%s): try another"
                      .formatted(plan.drainTimeout())));
      LOG.warnf(
          "%d calls had not ended after %s (tandem.lifecycle.drain-timeout): ended with UNAVAILABLE",
          cutOff, plan.drainTimeout());
      awaitTermination(servers, FAREWELL);
      servers.forEach(Server::shutdownNow);
    }
    Report report = new Report(inFlight, cutOff, Duration.ofNanos(System.nanoTime() - start));
    LOG.infof(
        "Drained in %d ms: %d calls in flight, %d cut off",
        report.elapsed().toMillis(), inFlight, cutOff);
    return report;
  }

  /** On a thread of its own, so that one that hangs does not keep the server from draining. */
  private void leave(DrainParticipant participant) {
    Thread leaving =
        Thread.ofVirtual()
            .name("leave-" + participant.getClass().getSimpleName())
            .start(
                () -> {
                  try {
                    participant.leave();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  } catch (RuntimeException e) {
                    LOG.warnf(e, "%s could not leave", participant);
                  }
                });
    try {
      if (!leaving.join(plan.leaveTimeout())) {
        LOG.warnf(
            "%s did not leave within %s (tandem.lifecycle.leave-timeout): going on without it",
            participant, plan.leaveTimeout());
        leaving.interrupt();
      }
    } catch (InterruptedException e) {
      leaving.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void awaitWithdrawal() {
    try {
      Thread.sleep(plan.withdrawDelay());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void endStreams(DrainParticipant participant) {
    try {
      participant.endStreams();
    } catch (RuntimeException e) {
      LOG.warnf(e, "%s could not end its streams", participant);
    }
  }

  /**
   * A server has terminated when its last connection is closed, which it is after its last call.
   */
  private static boolean awaitTermination(Set<Server> servers, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    try {
      for (Server server : servers) {
        if (!server.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

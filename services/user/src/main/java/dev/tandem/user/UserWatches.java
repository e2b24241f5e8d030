package dev.tandem.user;

import dev.tandem.lifecycle.DrainParticipant;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** All callers who watch a user. They share one thread, which does nothing but the heartbeat. */
@Singleton
final class UserWatches implements DrainParticipant {

  private static final Logger LOG = Logger.getLogger(UserWatches.class);

  private final LiveUserDirectory directory;
  private final UserSettings settings;
  private final Set<UserWatch<?>> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService heartbeat =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("user-watch-heartbeat").factory());
  private volatile boolean goingAway;

  @Inject
  UserWatches(LiveUserDirectory directory, UserSettings settings) {
    this.directory = directory;
    this.settings = settings;
    directory.onChange(() -> open.forEach(UserWatch::directoryChanged));
  }

  void start(@Observes StartupEvent event) {
    long period = settings.heartbeat().toNanos();
    var _ = heartbeat.scheduleAtFixedRate(this::beat, period, period, TimeUnit.NANOSECONDS);
  }

  /**
   * Sends the user's state now, and from then on until the caller leaves or the user does.
   *
   * @param message how a state reads in the contract's version that the caller speaks
   */
  <T> void add(
      String userId, ServerCallStreamObserver<T> caller, Function<UserDirectory.Entry, T> message) {
    UserWatch<T> watch = new UserWatch<>(directory, userId, caller, message);
    caller.setOnReadyHandler(watch::callerIsReady);
    caller.setOnCancelHandler(
        () -> {
          watch.callerIsGone();
          open.remove(watch);
        });
    // A watch that this server ends is closed, not cancelled.
    caller.setOnCloseHandler(() -> open.remove(watch));
    // Joined before the first message, so that no change falls between the two.
    open.add(watch);
    watch.directoryChanged();
    // Opened on a connection that was told to close: it is answered, and moves on.
    if (goingAway) {
      watch.moveOn();
    }
  }

  void beat() {
    for (UserWatch<?> watch : open) {
      try {
        watch.beat();
      } catch (RuntimeException e) {
        // One broken stream must not cost the others their heartbeat.
        LOG.warn("Ending a watch that cannot be served", e);
        watch.end(Status.INTERNAL.withDescription("the watch broke").withCause(e));
      }
    }
  }

  int size() {
    return open.size();
  }

  /**
   * A watch never ends by itself: it must not keep a server that goes away from finishing its
   * calls.
   */
  @Override
  public void endStreams() {
    goingAway = true;
    open.forEach(UserWatch::moveOn);
  }

  @PreDestroy
  void stop() {
    endStreams();
    heartbeat.shutdownNow();
  }
}

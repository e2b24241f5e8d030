package dev.tandem.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Follows one service's keys for all of its listeners. After every interruption, whether the
 * connection broke, the server went or has forgotten the changes since (compaction), it lists the
 * keys anew: what was missed is in the list.
 */
final class ServiceWatch implements RegistryMeter.Knowledge, AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ServiceWatch.class);

  private final String service;
  private final KeyServer server;
  private final Ticker ticker;
  private final ServiceView view;
  private final Backoff backoff;
  private final Complaints complaints;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final List<Delivery> listeners = new ArrayList<>();

  @GuardedBy("lock")
  private @Nullable Instances latest;

  /** Why the registry cannot be asked, since it could not. */
  @GuardedBy("lock")
  private @Nullable String problem;

  /** When the registry last said something; means nothing before it did. */
  @GuardedBy("lock")
  private long heardAt;

  ServiceWatch(
      String service,
      KeyServer server,
      Timing timing,
      Ticker ticker,
      RandomGenerator random,
      RegistryMeter meter) {
    this.service = service;
    this.server = server;
    this.ticker = ticker;
    this.view = new ServiceView(service, meter);
    this.backoff = new Backoff(timing.longestPause(), random);
    this.complaints = new Complaints(LOG, "The instances of " + service);
    this.thread = Thread.ofVirtual().name("registry-watch-" + service).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** A listener joins, and hears of what is known at once. */
  void add(Delivery listener) {
    lock.lock();
    try {
      listeners.add(listener);
      if (latest != null) {
        listener.changed(latest);
      } else if (problem != null) {
        listener.unknown(problem);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * A listener goes.
   *
   * @return whether it was the last
   */
  boolean remove(Delivery listener) {
    lock.lock();
    try {
      return listeners.remove(listener) && listeners.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  Optional<Instances> latest() {
    lock.lock();
    try {
      return Optional.ofNullable(latest);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int instances() {
    return latest().map(known -> known.instances().size()).orElse(0);
  }

  @Override
  public Freshness freshness() {
    lock.lock();
    try {
      if (latest == null) {
        return new Freshness.Unknown(
            problem != null ? problem : "the registry has not answered yet");
      }
      Duration age = Duration.ofNanos(ticker.nanos() - heardAt);
      return problem == null ? new Freshness.Current(age) : new Freshness.Stale(age, problem);
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try (KeyServer.Feed feed = server.follow(service)) {
          heard(feed.next());
          while (true) {
            heard(feed.next());
            // Not after the first: a server may list its keys and then end each watch.
            backoff.reset();
            complaints.settled("the registry is heard again");
          }
        } catch (ServerFailure failure) {
          failed(failure.problem());
        } catch (RuntimeException e) {
          LOG.error("A defect in following " + service, e);
          failed(e.toString());
        }
        Thread.sleep(backoff.next());
      }
    } catch (InterruptedException _) {
      // Closed: nobody listens any more.
      Thread.currentThread().interrupt();
    }
  }

  private void heard(Listing listing) {
    List<Instance> instances = view.read(listing);
    lock.lock();
    try {
      heardAt = ticker.nanos();
      problem = null;
      if (latest != null && latest.instances().equals(instances)) {
        return;
      }
      warnOfAnotherPast(listing.revision());
      Instances now = new Instances(service, listing.revision(), instances);
      latest = now;
      listeners.forEach(listener -> listener.changed(now));
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void warnOfAnotherPast(long revision) {
    if (latest != null && revision < latest.revision()) {
      LOG.warnf(
          "The registry has lost its data or was replaced: its revision %d for %s is older than %d",
          revision, service, latest.revision());
    }
  }

  private void failed(String reason) {
    complaints.say(reason);
    lock.lock();
    try {
      problem = reason;
      if (latest == null) {
        listeners.forEach(listener -> listener.unknown(reason));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits, after {@link #close}, until the server is not asked any more. */
  void awaitEnd(Duration limit) {
    try {
      var _ = thread.join(limit);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    lock.lock();
    try {
      listeners.forEach(Delivery::close);
    } finally {
      lock.unlock();
    }
  }
}

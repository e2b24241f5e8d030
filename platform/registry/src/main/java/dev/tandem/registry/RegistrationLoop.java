package dev.tandem.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes the registry have what is wanted of one instance, and keeps it so: takes a lease, puts the
 * instance, renews; ends the lease to take the instance out. Every request may be repeated, and is,
 * until it is answered. Whether a lease still lives only the server decides: no clock of this
 * process has a say in it.
 *
 * <p>A request that was given up may still arrive, after later ones: on a connection that was cut
 * off, or at a server that was paused. None can do harm then, because each names what it was made
 * for: a key that nobody has, the key as it was, a lease. That is why an instance is taken out with
 * its lease, and not by removing its key: a put that is late would bring it back.
 */
final class RegistrationLoop implements Registration {

  private static final Logger LOG = Logger.getLogger(RegistrationLoop.class);

  private final String service;
  private final String key;
  private final KeyServer server;
  private final Timing timing;
  private final Ticker ticker;
  private final RegistryMeter meter;
  private final Backoff backoff;
  private final Complaints complaints;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private Optional<Instance> wanted;

  @GuardedBy("lock")
  private boolean closed;

  private volatile RegistrationState state = new RegistrationState.Absent();

  // What follows is the loop's thread's.

  private @Nullable Lease lease;
  private long renewedAt;

  /** What the registry has, if {@link #settled}. */
  private Optional<Instance> held = Optional.empty();

  /** Whether the last change was answered: after one that was not, either may be so. */
  private boolean settled = true;

  /** A lease was lost since the instance was last put. */
  private boolean lost;

  RegistrationLoop(
      Instance instance,
      KeyServer server,
      Timing timing,
      Ticker ticker,
      RandomGenerator random,
      RegistryMeter meter) {
    this.service = instance.service();
    this.key = keyOf(instance);
    this.server = server;
    this.timing = timing;
    this.ticker = ticker;
    this.meter = meter;
    this.backoff = new Backoff(timing.longestPause(), random);
    this.complaints = new Complaints(LOG, "The registration of " + key);
    this.wanted = Optional.of(instance);
    this.thread = Thread.ofVirtual().name("registration-" + key).unstarted(this::run);
  }

  private static String keyOf(Instance instance) {
    return instance.service() + "/" + instance.id();
  }

  void start() {
    thread.start();
  }

  @Override
  public void offer(Instance instance) {
    if (!keyOf(instance).equals(key)) {
      throw new IllegalArgumentException(
          "%s cannot take the place of %s: register it".formatted(keyOf(instance), key));
    }
    want(Optional.of(instance));
  }

  @Override
  public void withdraw() {
    want(Optional.empty());
  }

  private void want(Optional<Instance> wish) {
    lock.lock();
    try {
      wanted = wish;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public RegistrationState state() {
    return state;
  }

  private void run() {
    try {
      while (true) {
        Optional<Instance> wish = awaitWork();
        if (closed()) {
          break;
        }
        try {
          fulfil(wish);
        } catch (ServerFailure failure) {
          failed(failure);
        } catch (RuntimeException e) {
          LOG.error("A defect in the registration of " + key, e);
          failed(new ServerFailure.Refused(e.toString(), e));
        }
      }
    } catch (InterruptedException _) {
      LOG.debugf("%s leaves", key);
    }
    // It was close that interrupted; it must not end the last request as well.
    boolean _ = Thread.interrupted();
    leave();
  }

  boolean ended() {
    return thread.getState() == Thread.State.TERMINATED;
  }

  /** Waits until something else is wanted than the registry has, or the lease is to be renewed. */
  private Optional<Instance> awaitWork() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && settled && wanted.equals(held)) {
        if (lease == null) {
          changed.await();
        } else if (changed.awaitNanos(untilRenewal(lease)) <= 0) {
          break;
        }
      }
      return wanted;
    } finally {
      lock.unlock();
    }
  }

  private long untilRenewal(Lease living) {
    return renewedAt + living.renewal().toNanos() - ticker.nanos();
  }

  private void fulfil(Optional<Instance> wish) throws ServerFailure, InterruptedException {
    try {
      if (wish.isPresent()) {
        hold(wish.get());
      } else if (lease != null) {
        settled = false;
        server.revoke(lease);
        lease = null;
      }
    } catch (ServerFailure.LeaseLost failure) {
      lease = null;
      lost = true;
      settled = false;
      throw failure;
    }
    held = wish;
    settled = true;
    backoff.reset();
    state =
        wish.<RegistrationState>map(RegistrationState.Present::new)
            .orElseGet(RegistrationState.Absent::new);
    complaints.settled("the registry has it as it is");
  }

  private void hold(Instance instance) throws ServerFailure, InterruptedException {
    Lease living = lease;
    if (living == null) {
      renewedAt = ticker.nanos();
      living = server.grant();
      lease = living;
    } else if (untilRenewal(living) <= 0) {
      long asked = ticker.nanos();
      server.renew(living);
      renewedAt = asked;
    }
    if (settled && held.equals(Optional.of(instance))) {
      return;
    }
    settled = false;
    switch (server.claim(living, key, InstanceJson.write(instance))) {
      case Claim.Held _ -> {
        if (lost) {
          lost = false;
          meter.reregistered(service);
        }
      }
      case Claim.Taken(String value) ->
          throw new ServerFailure.Refused(
              "another process holds this id: %s; give each instance an id of its own (tandem.registry.self.instance)"
                  .formatted(value));
    }
  }

  private void failed(ServerFailure failure) throws InterruptedException {
    complaints.say(failure.problem());
    state =
        switch (failure) {
          case ServerFailure.Refused refused -> new RegistrationState.Refused(refused.problem());
          case ServerFailure.Unreachable silent ->
              new RegistrationState.Unreachable(silent.problem());
          case ServerFailure.LeaseLost gone -> new RegistrationState.Unreachable(gone.problem());
        };
    pause(backoff.next());
  }

  /** Only {@link #close} cuts it short: what is wanted may change as often as it likes. */
  private void pause(Duration pause) throws InterruptedException {
    long until = ticker.nanos() + pause.toNanos();
    lock.lockInterruptibly();
    try {
      while (!closed) {
        long left = until - ticker.nanos();
        if (left <= 0) {
          return;
        }
        long _ = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    try {
      if (lease != null) {
        server.revoke(lease);
      }
    } catch (ServerFailure failure) {
      LOG.warnf(
          "%s could not be taken out of the registry, and stays for the rest of its lease: %s",
          key, failure.problem());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    state = new RegistrationState.Absent();
  }

  private boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Begins to leave; {@link #close} waits for it. */
  void stop() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        // A request that waits for an answer is given up.
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    stop();
    try {
      var _ = thread.join(timing.timeout().multipliedBy(2));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.tandem.auth;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The issuer's keys, kept up to date. They are read again when they are older than the refresh, and
 * sooner when a token names a key that is not among them, so that a new key works at once; but
 * never more often than the refetch interval, whatever the tokens say. One read is under way at a
 * time, off the calls' threads. A read that fails changes nothing: the last good keys stay.
 */
public final class SigningKeys {

  private static final Logger LOG = System.getLogger(SigningKeys.class.getName());

  private final KeySource source;
  private final Pace pace;
  private final LongSupplier nanoTime;
  private volatile State state;

  /**
   * How often keys are read.
   *
   * @param refresh how old keys may be before they are read again
   * @param refetchInterval the least time between two reads
   * @param timeout how long a read may take
   * @param maxKeys the most keys in a set
   */
  record Pace(Duration refresh, Duration refetchInterval, Duration timeout, int maxKeys) {
    /** Timers count nanoseconds; a key set that is older was forgotten, not kept. */
    private static final Duration LONGEST = Duration.ofDays(1);

    Pace {
      Setting.require(timeout.isPositive(), "jwks.timeout", timeout, "it has to be longer than 0s");
      Setting.require(
          refetchInterval.isPositive(),
          "jwks.refetch-interval",
          refetchInterval,
          "it has to be longer than 0s");
      Setting.require(
          refresh.compareTo(refetchInterval) >= 0,
          "jwks.refresh",
          refresh,
          "it must not be shorter than tandem.auth.jwks.refetch-interval, " + refetchInterval);
      Setting.require(
          refresh.compareTo(LONGEST) <= 0,
          "jwks.refresh",
          refresh,
          "it must not be longer than 24h");
      Setting.require(
          timeout.compareTo(LONGEST) <= 0,
          "jwks.timeout",
          timeout,
          "it must not be longer than 24h");
      Setting.require(maxKeys > 0, "jwks.max-keys", maxKeys, "it has to be at least 1");
    }
  }

  /**
   * What is known at one time.
   *
   * @param keys the last good ones
   * @param readAt when the last read ended, well or not
   * @param failed whether it failed
   * @param reading completes when the read that is under way has ended; null when none is
   */
  private record State(
      KeySet keys, long readAt, boolean failed, @Nullable CompletableFuture<Void> reading) {

    State begin(CompletableFuture<Void> read) {
      return new State(keys, readAt, failed, read);
    }

    State succeed(KeySet read, long now) {
      // The same keys stay the same object: what was verified by them stays verified.
      return new State(read.hasTheKeysOf(keys) ? keys : read, now, false, null);
    }

    State fail(long now) {
      return new State(keys, now, true, null);
    }
  }

  SigningKeys(KeySource source, Pace pace, LongSupplier nanoTime) {
    this.source = source;
    this.pace = pace;
    this.nanoTime = nanoTime;
    this.state = new State(KeySet.NONE, nanoTime.getAsLong(), true, null);
  }

  /**
   * Reads the keys once and keeps them up to date from then on. Blocks for as long as a read may
   * take.
   *
   * @param location a file, or an https URL (http only to this machine)
   * @throws IllegalArgumentException when the location is neither, or the file has no usable keys.
   *     A URL that does not answer is only logged: it may do so soon
   */
  public static SigningKeys at(String location) {
    return open(
        KeySource.at(location, Duration.ofSeconds(2), 1 << 18, Optional.empty()),
        new Pace(Duration.ofMinutes(1), Duration.ofSeconds(5), Duration.ofSeconds(2), 100));
  }

  /** The keys as the settings have it; throws like {@link #at}. */
  public static SigningKeys from(AuthSettings settings) {
    AuthSettings.Jwks jwks = settings.jwks();
    String location =
        Setting.required(
            "jwks.location",
            jwks.location(),
            "the file or the https URL of the issuer's public keys (a JSON Web Key Set)");
    Pace pace = new Pace(jwks.refresh(), jwks.refetchInterval(), jwks.timeout(), jwks.maxKeys());
    Setting.require(
        jwks.maxBytes() > 0, "jwks.max-bytes", jwks.maxBytes(), "it has to be at least 1");
    return open(KeySource.at(location, jwks.timeout(), jwks.maxBytes(), jwks.trust()), pace);
  }

  private static SigningKeys open(KeySource source, Pace pace) {
    SigningKeys keys = new SigningKeys(source, pace, System::nanoTime);
    try {
      keys.state = keys.state.succeed(keys.read(), System.nanoTime());
    } catch (IOException e) {
      if (source instanceof KeySource.InFile) {
        IllegalArgumentException wrong =
            Setting.wrong("jwks.location", source, "it cannot be used: " + e);
        wrong.initCause(e);
        throw wrong;
      }
      LOG.log(
          Level.WARNING,
          "no keys yet, every call is refused until they can be read: {0}",
          e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return keys;
  }

  /** The keys as they are known now; starts a read when they are due. Never blocks. */
  KeySet current() {
    State now = state;
    Duration due = now.failed ? pace.refetchInterval : pace.refresh;
    if (now.reading == null && age(now) >= due.toNanos()) {
      readUnlessJustDone(due);
    }
    return now.keys;
  }

  /**
   * The end of a read that may bring a key which is missing from the keys that somebody saw: the
   * one that has brought others meanwhile, the one under way, or a new one, unless the last has
   * only just ended.
   */
  synchronized Optional<CompletableFuture<Void>> newerThan(KeySet seen) {
    return state.keys == seen
        ? readUnlessJustDone(pace.refetchInterval)
        : Optional.of(CompletableFuture.completedFuture(null));
  }

  /**
   * The end of the read that is under way when nobody has asked for keys for so long that the ones
   * at hand may have been withdrawn meanwhile. In an outage reads are tried all the time: then
   * nobody waits.
   */
  Optional<CompletableFuture<Void>> afterIdleness(KeySet seen) {
    State now = state;
    if (now.keys != seen) {
      return Optional.of(CompletableFuture.completedFuture(null));
    }
    return age(now) >= 2 * pace.refresh.toNanos()
        ? Optional.ofNullable(now.reading)
        : Optional.empty();
  }

  private long age(State seen) {
    return nanoTime.getAsLong() - seen.readAt;
  }

  /** The read that is under way, or a new one if the last ended that long ago. */
  private synchronized Optional<CompletableFuture<Void>> readUnlessJustDone(Duration interval) {
    if (state.reading == null && age(state) >= interval.toNanos()) {
      CompletableFuture<Void> read = new CompletableFuture<>();
      state = state.begin(read);
      Thread.ofVirtual().name("signing-keys").start(() -> finish(read));
      // Whatever the source does, calls wait no longer than that.
      read.completeOnTimeout(null, pace.timeout.toNanos(), TimeUnit.NANOSECONDS);
    }
    return Optional.ofNullable(state.reading);
  }

  private void finish(CompletableFuture<Void> read) {
    State before = state;
    try {
      KeySet keys = read();
      synchronized (this) {
        state = state.succeed(keys, nanoTime.getAsLong());
      }
      if (state.keys != before.keys) {
        LOG.log(Level.INFO, "the keys of {0} are now {1}", source, keys.ids());
      } else if (before.failed) {
        LOG.log(Level.INFO, "the keys of {0} can be read again", source);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      synchronized (this) {
        state = state.fail(nanoTime.getAsLong());
      }
      // Once for an outage, however long it lasts.
      LOG.log(
          before.failed ? Level.DEBUG : Level.WARNING,
          "the keys of {0} cannot be read, the last good ones stay: {1}",
          source,
          e.getMessage());
    } finally {
      read.complete(null);
    }
  }

  private KeySet read() throws IOException, InterruptedException {
    return KeySet.parse(source.read(), pace.maxKeys);
  }
}

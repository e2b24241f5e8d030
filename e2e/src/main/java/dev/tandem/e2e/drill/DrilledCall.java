package dev.tandem.e2e.drill;

import dev.tandem.e2e.call.Call;
import java.time.Duration;

/**
 * One call of a drill's traffic.
 *
 * @param from the cluster that the caller is in
 * @param key its idempotency key, when it is a payment
 * @param call what became of it, on the drill's clock
 */
record DrilledCall(String from, Kind kind, String key, Call call) {
  /** How long a watch is held. Shorter than a fault, so that each sees streams being opened. */
  static final Duration HOLD = Duration.ofSeconds(1);

  /** What is called, and which share of the traffic that is. */
  enum Kind {
    /** A unary read that may be repeated. */
    READ("GetUser", "user", 0.75),
    /** A stream that is held for a second. */
    WATCH("WatchUser", "user", 0.10),
    /**
     * A payment under an idempotency key of its own: it may be repeated, and must not be made
     * twice.
     */
    CHARGE("Charge", "payment", 0.15);

    private final String method;
    private final String service;
    private final double share;

    Kind(String method, String service, double share) {
      this.method = method;
      this.service = service;
      this.share = share;
    }

    String method() {
      return method;
    }

    /** The service that answers it. */
    String service() {
      return service;
    }

    double share() {
      return share;
    }
  }

  /** The same call on a clock that was started later. */
  DrilledCall earlier(Duration offset) {
    return new DrilledCall(from, kind, key, call.later(offset.negated()));
  }

  boolean ok() {
    return call.ok();
  }

  Duration start() {
    return call.start();
  }

  Duration end() {
    return call.end();
  }

  /** Who called what, when, and what became of it. */
  String describe() {
    return "%s from %s, %s".formatted(kind.method(), from, call.describe());
  }

  /** Whether it is a stream that stood and was then lost, which no proxy can move elsewhere. */
  boolean cut() {
    return kind == Kind.WATCH && !ok() && call.messages() > 0;
  }
}

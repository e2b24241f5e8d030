package dev.tandem.e2e.drill;

import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.drill.DrilledCall.Kind;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Invented traffic: a call every 10 ms from west, answered by east and west in turn, until told
 * otherwise.
 */
final class Calls {
  private final List<DrilledCall> calls = new ArrayList<>();

  /** Calls for some seconds, answered by the clusters in turn. */
  Calls answered(int seconds, String... by) {
    for (int count = 0; count < seconds * 100; count++) {
      add(Kind.READ, by[count % by.length], Status.Code.OK, 5, 1);
    }
    return this;
  }

  /** One call that ends so. */
  Calls add(Kind kind, String by, Status.Code status, long latencyMillis, int messages) {
    calls.add(
        new DrilledCall(
            "west",
            kind,
            "key-" + calls.size(),
            new Call(
                calls.size(),
                now(),
                Duration.ZERO,
                Duration.ofMillis(latencyMillis),
                status,
                "",
                by,
                by,
                "1",
                messages,
                Duration.ZERO,
                List.of())));
    return this;
  }

  /** When the next call is due. */
  Duration now() {
    return Duration.ofMillis(10L * calls.size());
  }

  List<DrilledCall> all() {
    return calls;
  }
}

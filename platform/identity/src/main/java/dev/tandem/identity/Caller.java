package dev.tandem.identity;

import io.grpc.Context;
import java.util.Optional;

/**
 * Who is calling, after it was verified. Whoever verifies puts it into the call's {@link Context},
 * which follows the call across threads and interceptors; a scoped value would not survive the hop
 * to a virtual thread.
 *
 * @param name such as a token's subject; not empty
 */
public record Caller(String name) {

  private static final Context.Key<Caller> KEY = Context.key("tandem-caller-identity");

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException when the name is blank
   */
  public Caller {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a caller's name must not be blank");
    }
  }

  /** The caller of the call that the current thread works on; empty when nobody verified one. */
  public static Optional<Caller> current() {
    return of(Context.current());
  }

  /** The caller of the call that a context belongs to; empty when nobody verified one. */
  public static Optional<Caller> of(Context context) {
    return Optional.ofNullable(KEY.get(context));
  }

  /** A context that also knows this caller. */
  public Context into(Context context) {
    return context.withValue(KEY, this);
  }
}

package dev.tandem.caller.token;

import java.util.Optional;

/** What a call carries in its authorization metadata. */
@FunctionalInterface
public interface Credential {
  /** Nothing. */
  Credential NONE = Optional::empty;

  /** The metadata's value for the next call; empty for none. */
  Optional<String> authorization();

  /** This very value, whatever a server makes of it. */
  static Credential of(String authorization) {
    Optional<String> value = Optional.of(authorization);
    return () -> value;
  }
}

package dev.tandem.versioning;

import dev.tandem.identity.Caller;
import java.util.Optional;

/** Told of every call of a published version, on the call's thread, so it must be quick. */
@FunctionalInterface
public interface ApiCallMeter {

  /** Counts nothing. */
  ApiCallMeter NONE = (_, _, _) -> {};

  /**
   * A version was called.
   *
   * @param packageName such as {@code tandem.user.v1}
   * @param caller empty when nobody verified one, as for calls that are refused before that
   */
  void called(String packageName, ApiState state, Optional<Caller> caller);
}

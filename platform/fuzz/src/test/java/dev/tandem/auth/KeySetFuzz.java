package dev.tandem.auth;

import java.io.IOException;

/** A key set as an issuer, or whoever answers in its place, sends it. */
final class KeySetFuzz {

  private static final int MAX_KEYS = 10;

  private KeySetFuzz() {}

  /** Jazzer's entry point. */
  public static void fuzzerTestOneInput(byte[] input) {
    try {
      KeySet keys = KeySet.parse(input, MAX_KEYS);
      if (keys.isEmpty() || keys.ids().size() > MAX_KEYS) {
        throw new AssertionError("a set of " + keys.ids().size() + " keys");
      }
    } catch (IOException e) {
      // What it says of a set that it refuses.
    }
  }
}

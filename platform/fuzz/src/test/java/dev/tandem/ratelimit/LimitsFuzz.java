package dev.tandem.ratelimit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;

/** The limiter's settings, which are small languages. */
final class LimitsFuzz {

  private LimitsFuzz() {}

  /** Jazzer's entry point. */
  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, UTF_8);
    try {
      for (Map.Entry<String, Limit> limit : Limits.of(text).byName().entrySet()) {
        if (!Limit.of(limit.getValue().toString()).equals(limit.getValue())) {
          throw new AssertionError("written and read again it is another limit: " + limit);
        }
      }
    } catch (IllegalArgumentException e) {
      requireReason(e);
    }
    try {
      AddressRange range = AddressRange.of(text);
      if (!AddressRange.of(range.toString()).toString().equals(range.toString())) {
        throw new AssertionError("written and read again it is another range: " + range);
      }
    } catch (IllegalArgumentException e) {
      requireReason(e);
    }
  }

  private static void requireReason(IllegalArgumentException e) {
    if (e instanceof NumberFormatException || String.valueOf(e.getMessage()).isBlank()) {
      throw e;
    }
  }
}

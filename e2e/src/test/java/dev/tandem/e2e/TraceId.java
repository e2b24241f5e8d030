package dev.tandem.e2e;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The identifiers of a trace and of the span that a caller says it is in, as <a
 * href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a> has them.
 */
record TraceId(String trace, String span) {
  static TraceId random() {
    return new TraceId(hex(16), hex(8));
  }

  private static String hex(int bytes) {
    byte[] random = new byte[bytes];
    ThreadLocalRandom.current().nextBytes(random);
    // All zeros would be no identifier.
    random[0] |= 1;
    return HexFormat.of().formatHex(random);
  }
}

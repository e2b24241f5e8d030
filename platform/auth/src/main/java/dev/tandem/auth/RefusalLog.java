package dev.tandem.auth;

import io.grpc.Grpc;
import io.grpc.ServerCall;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Says in the log why calls were refused, which callers are not told. So many lines in a minute and
 * no more, because whoever can make a line can make a million; what was left out is counted.
 */
final class RefusalLog {

  private static final Logger LOG = System.getLogger(AuthenticationInterceptor.class.getName());
  private static final long WINDOW = Duration.ofMinutes(1).toNanos();
  private static final int LINES_IN_A_WINDOW = 60;
  private static final int LONGEST_REASON = 200;

  private final LongSupplier nanoTime;
  private long windowStart;
  private int lines;
  private long leftOut;

  RefusalLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.windowStart = nanoTime.getAsLong();
  }

  void refused(ServerCall<?, ?> call, String reason) {
    if (!LOG.isLoggable(Level.WARNING)) {
      return;
    }
    long missing;
    synchronized (this) {
      if (nanoTime.getAsLong() - windowStart >= WINDOW) {
        windowStart = nanoTime.getAsLong();
        lines = 0;
      }
      if (lines >= LINES_IN_A_WINDOW) {
        leftOut++;
        return;
      }
      lines++;
      missing = leftOut;
      leftOut = 0;
    }
    LOG.log(
        Level.WARNING,
        "refused {0} from {1}: {2}{3}",
        call.getMethodDescriptor().getFullMethodName(),
        String.valueOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)),
        printable(reason),
        missing == 0 ? "" : " (" + missing + " more refusals were not logged)");
  }

  /** Parts of a reason come from the token: no line of the log may be theirs. */
  static String printable(String reason) {
    StringBuilder text = new StringBuilder();
    reason
        .codePoints()
        .limit(LONGEST_REASON)
        .map(character -> character < ' ' || character > '~' ? '?' : character)
        .forEach(text::appendCodePoint);
    return text.toString();
  }
}

package dev.tandem.telemetry;

import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** One line for a call that arrived, when it is over. */
public final class AccessLog {

  /** Writes nothing. */
  static final AccessLog OFF = new AccessLog(Policy.NONE);

  private static final Logger LOG = Logger.getLogger("dev.tandem.access");

  private final Policy policy;

  AccessLog(Policy policy) {
    this.policy = policy;
  }

  void write(RpcMethod method, Status status, long nanos, String callerCluster) {
    boolean error = Rpc.isServerError(status.getCode());
    boolean wanted =
        switch (policy) {
          case NONE -> false;
          case ERRORS -> error;
          case ALL -> true;
        };
    if (wanted) {
      LOG.logf(
          error ? Logger.Level.WARN : Logger.Level.INFO,
          "%s %s after %d ms, called from %s%s",
          status.getCode(),
          method.name(),
          TimeUnit.NANOSECONDS.toMillis(nanos),
          callerCluster,
          status.getDescription() == null ? "" : ": " + oneLine(status.getDescription()));
    }
  }

  /** A description may repeat what a caller sent, who must not write lines of the log. */
  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }

  /** Which calls leave a line. */
  public enum Policy {
    NONE,
    /** Those that failed by the server's doing, as OpenTelemetry's conventions count it. */
    ERRORS,
    ALL
  }
}

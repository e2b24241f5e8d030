package dev.tandem.transport;

import com.google.protobuf.CodedOutputStream;
import com.sun.management.OperatingSystemMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * How busy this server is, as the bytes of an <a
 * href="https://github.com/cncf/xds/blob/main/xds/data/orca/v3/orca_load_report.proto">OrcaLoadReport</a>.
 * Measured again when the last measurement is a second old and somebody asks, by whoever asks.
 */
final class ServerLoad {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  // The report's fields. Written by hand: the generated classes are in grpc-xds, 26 MB with what
  // it brings, which only clients need.
  private static final int CPU_UTILIZATION = 1;
  private static final int RPS_FRACTIONAL = 6;
  private static final int EPS = 7;

  private final DoubleSupplier utilization;
  private final LongSupplier nanoTime;
  private final LongAdder calls = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private volatile Measured last;

  /** What was found out at one time. Not a record, because the report is bytes. */
  private static final class Measured {

    private final long at;
    private final long calls;
    private final long errors;
    private final byte[] report;

    Measured(long at, long calls, long errors, byte[] report) {
      this.at = at;
      this.calls = calls;
      this.errors = errors;
      this.report = report;
    }
  }

  /**
   * A server that has had no calls yet.
   *
   * @param utilization the share of what it could do that it does, 0 to 1 and somewhat more
   */
  ServerLoad(DoubleSupplier utilization, LongSupplier nanoTime) {
    this.utilization = utilization;
    this.nanoTime = nanoTime;
    this.last = new Measured(nanoTime.getAsLong(), 0, 0, new byte[0]);
  }

  /** By the processors of the container, or of the machine where there is none. */
  static ServerLoad ofProcessors() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new ServerLoad(system::getCpuLoad, System::nanoTime);
  }

  /** A call ended. */
  void ended(boolean byAnError) {
    calls.increment();
    if (byAnError) {
      errors.increment();
    }
  }

  /** The latest report; empty during the first second. */
  byte[] report() {
    Measured known = last;
    return nanoTime.getAsLong() - known.at < SECOND ? known.report : measure().report;
  }

  private synchronized Measured measure() {
    long now = nanoTime.getAsLong();
    double seconds = (now - last.at) / (double) SECOND;
    if (seconds >= 1) {
      long callsNow = calls.sum();
      long errorsNow = errors.sum();
      last =
          new Measured(
              now,
              callsNow,
              errorsNow,
              encode(
                  utilization.getAsDouble(),
                  (callsNow - last.calls) / seconds,
                  (errorsNow - last.errors) / seconds));
    }
    return last;
  }

  private static byte[] encode(double utilization, double calls, double errors) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream report = CodedOutputStream.newInstance(bytes);
    try {
      // The JVM says -1, or not a number, when it cannot tell; clients then know no weight.
      report.writeDouble(CPU_UTILIZATION, utilization > 0 ? utilization : 0);
      report.writeDouble(RPS_FRACTIONAL, calls);
      report.writeDouble(EPS, errors);
      report.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }
}

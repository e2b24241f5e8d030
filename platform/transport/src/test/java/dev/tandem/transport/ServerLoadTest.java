package dev.tandem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.xds.shaded.com.github.xds.data.orca.v3.OrcaLoadReport;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ServerLoadTest {

  private final AtomicLong now = new AtomicLong();
  private final AtomicReference<Double> utilization = new AtomicReference<>(0.5);
  private final ServerLoad load = new ServerLoad(utilization::get, now::get);

  @Test
  void saysNothingDuringItsFirstSecond() {
    load.ended(false);
    passMillis(999);

    assertThat(load.report()).isEmpty();
  }

  @Test
  void saysHowBusyItIsAndHowManyCallsAndErrorsASecondItHas() throws Exception {
    for (int call = 0; call < 30; call++) {
      load.ended(call < 3);
    }
    passMillis(1500);

    OrcaLoadReport report = OrcaLoadReport.parseFrom(load.report());

    assertThat(report.getCpuUtilization()).isEqualTo(0.5);
    assertThat(report.getRpsFractional()).isEqualTo(20);
    assertThat(report.getEps()).isEqualTo(2);
    assertThat(report.getUnknownFields().asMap()).isEmpty();
  }

  @Test
  void measuresOnceASecondFromTheLastMeasurement() throws Exception {
    load.ended(false);
    passMillis(1000);
    byte[] first = load.report();
    load.ended(false);
    utilization.set(0.9);

    passMillis(999);
    assertThat(load.report()).isEqualTo(first);
    passMillis(1001);
    OrcaLoadReport second = OrcaLoadReport.parseFrom(load.report());

    assertThat(second.getCpuUtilization()).isEqualTo(0.9);
    assertThat(second.getRpsFractional()).isEqualTo(0.5);
  }

  /** What the JVM says when it does not know. */
  @Test
  void reportsNoUtilizationWhereThereIsNone() throws Exception {
    for (double unknown : new double[] {-1, Double.NaN}) {
      utilization.set(unknown);
      passMillis(1000);

      assertThat(OrcaLoadReport.parseFrom(load.report()).getCpuUtilization()).isZero();
    }
  }

  private void passMillis(long millis) {
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}

package dev.tandem.e2e.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetersTest {

  private static final Meters METERS =
      Meters.read(
          List.of(
              "# TYPE calls_total counter",
              "calls_total{api=\"v1\",caller=\"caller\"} 3.0",
              "calls_total{api=\"v1\",caller=\"payment\"} 4.0",
              "calls_total{api=\"v10\",caller=\"caller\"} 50.0",
              "calls_total_of_others{api=\"v1\"} 600.0",
              "overflows 7.0"));

  @Test
  void sumsTheSeriesThatHaveAllLabels() {
    assertThat(METERS.sum("calls_total", "api=\"v1\"")).isEqualTo(7);
    assertThat(METERS.sum("calls_total", "api=\"v1\"", "caller=\"payment\"")).isEqualTo(4);
    assertThat(METERS.sum("calls_total")).isEqualTo(57);
  }

  @Test
  void readsAMeterWithoutLabels() {
    assertThat(METERS.sum("overflows")).isEqualTo(7);
  }

  @Test
  void takesAMeterThatIsNotThereForNothing() {
    assertThat(METERS.sum("refusals_total")).isZero();
  }
}

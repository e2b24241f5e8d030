package dev.tandem.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogQueryTest {

  @Test
  void understandsEachParameter() {
    LogQuery query =
        LogQuery.of(
            List.of(
                Map.entry("trace_id", "4BF92F3577B34DA6A3CE929D0E0E4736"),
                Map.entry("service", "tandem-payment"),
                Map.entry("text", "no money"),
                Map.entry("since", "2026-01-31T12:00:00Z"),
                Map.entry("until", "2026-01-31T13:00:00Z"),
                Map.entry("limit", "7")));

    assertThat(query.exact())
        .containsEntry("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736")
        .containsEntry("service", "tandem-payment");
    assertThat(query.text()).contains("no money");
    assertThat(query.since()).contains(Instant.parse("2026-01-31T12:00:00Z"));
    assertThat(query.until()).contains(Instant.parse("2026-01-31T13:00:00Z"));
    assertThat(query.limit()).isEqualTo(7);
  }

  @Test
  void wantsTheNewestHundredOfAllUnlessToldOtherwise() {
    assertThat(LogQuery.of(List.of()).limit()).isEqualTo(100);
    assertThat(LogQuery.of(List.of()).exact()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          trace_id | 4bf9  | trace_id is "4bf9": write 32 hexadecimal digits
          since    | today | since is "today": write an instant such as
          limit    | 0     | limit is "0": write a number from 1 to 1000
          limit    | many  | limit is "many": write a number from 1 to 1000
          traceid  | 4bf9  | "traceid" is no parameter: use trace_id
          """,
      delimiter = '|')
  void saysWhatIsWrong(String name, String value, String problem) {
    assertThatThrownBy(() -> LogQuery.of(List.of(Map.entry(name, value))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(problem);
  }
}

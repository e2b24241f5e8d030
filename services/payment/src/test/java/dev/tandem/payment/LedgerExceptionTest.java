package dev.tandem.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerExceptionTest {

  @ParameterizedTest
  @ValueSource(strings = {"08006", "57P01", "53300", "25006", "40001", "28P01", "58030"})
  void callsAConditionOfTheDatabaseUnavailable(String state) {
    assertThat(LedgerException.of(new SQLException("any text", state)))
        .isInstanceOf(LedgerException.Unavailable.class);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "0", "23514", "42P01", "25001"})
  void callsEverythingElseADefect(String state) {
    assertThat(LedgerException.of(new SQLException("any text", state)))
        .isInstanceOf(LedgerException.Refused.class);
  }
}

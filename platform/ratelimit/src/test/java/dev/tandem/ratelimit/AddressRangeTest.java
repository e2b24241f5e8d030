package dev.tandem.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRangeTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,       10.255.255.255, true",
    "10.0.0.0/8,       11.0.0.0,       false",
    "10.1.2.128/25,    10.1.2.127,     false",
    "10.1.2.3/32,      10.1.2.3,       true",
    "0.0.0.0/0,        203.0.113.9,    true",
    "0.0.0.0/0,        2001:db8::1,    false",
    "2001:db8::/32,    2001:db8:ffff::1, true",
    "2001:db8::/32,    2001:db9::1,    false",
    "::1/128,          ::1,            true",
    "10.0.0.0/8,       ::ffff:10.0.0.1, true",
  })
  void containsTheAddressesThatHaveItsFirstBits(String range, String address, boolean contained) {
    assertThat(AddressRange.of(range).contains(InetAddress.ofLiteral(address)))
        .isEqualTo(contained);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0,         a slash",
    "localhost/8,      a slash",
    "10.0.0.300/8,     a whole address",
    "10.0.0.0/33,      at most 32",
    "::/129,           at most 128",
    "10.0.0.1/8,       no bit may be set",
  })
  void saysHowToMendWhatIsNoRange(String text, String fix) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddressRange.of(text))
        .withMessageContaining(text)
        .withMessageContaining(fix);
  }

  @Test
  void isShownAsItIsWritten() {
    assertThat(AddressRange.of("10.64.0.0/10")).hasToString("10.64.0.0/10");
  }
}

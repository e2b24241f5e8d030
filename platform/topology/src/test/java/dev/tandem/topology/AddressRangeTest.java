package dev.tandem.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tandem.topology.AddressRange.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRangeTest {

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0/0", "10.10.0.0/16", "172.30.10.8/29", "255.255.255.255/32"})
  void printsACanonicalRangeAsItWasWritten(String text) {
    assertThat(AddressRange.of(text)).hasToString(text);
  }

  @Test
  void namesTheCanonicalRangeOfAnAddressWithinIt() {
    assertThat(AddressRange.read("10.10.5.1/16"))
        .isEqualTo(new Reading.HostBitsSet(AddressRange.of("10.10.0.0/16")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10.10.0.0",
        "10.10.0.0/",
        "10.10.0.0/33",
        "10.10.0.0/016",
        "10.10.0.0/-1",
        "10.10.0/16",
        "10.10.0.0.0/16",
        "10.10.0.256/32",
        "10.010.0.0/16",
        "10.10.0.x/16",
        "10.10.0.0/16/16",
        " 10.10.0.0/16",
        "fd00::/8",
        "99999999999.0.0.0/8",
        "10.10.0.0/99999999999"
      })
  void refusesAnythingElse(String text) {
    assertThat(AddressRange.read(text)).isInstanceOf(Reading.Malformed.class);
  }

  @ParameterizedTest
  @CsvSource({
    "10.10.0.0/16, 10.10.255.0/24, true",
    "10.10.255.0/24, 10.10.0.0/16, true",
    "10.10.0.0/16, 10.10.0.0/16, true",
    "10.10.0.0/16, 10.11.0.0/16, false",
    "0.0.0.0/0, 255.255.255.255/32, true",
  })
  void overlapsARangeThatSharesAnAddress(String one, String other, boolean overlaps) {
    assertThat(AddressRange.of(one).overlaps(AddressRange.of(other))).isEqualTo(overlaps);
  }

  @Test
  void containsOnlyWhatIsWhollyWithinIt() {
    AddressRange range = AddressRange.of("172.30.0.0/16");

    assertThat(range.contains(AddressRange.of("172.30.255.0/24"))).isTrue();
    assertThat(range.contains(range)).isTrue();
    assertThat(range.contains(AddressRange.of("172.30.0.0/15"))).isFalse();
    assertThat(range.contains(AddressRange.of("172.31.0.0/24"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "10.10.0.0/16, 10.11.0.0/16, 10.10.0.0/15",
    "10.10.0.0/16, 10.10.7.0/24, 10.10.0.0/16",
    "10.0.0.0/8, 172.30.0.0/16, 0.0.0.0/0",
    "203.0.113.0/28, 203.0.113.16/28, 203.0.113.0/27",
  })
  void unitesToTheSmallestRangeWithBoth(String one, String other, String union) {
    assertThat(AddressRange.of(one).union(AddressRange.of(other))).hasToString(union);
    assertThat(AddressRange.of(other).union(AddressRange.of(one))).hasToString(union);
  }

  @Test
  void countsAddressesFromItsFirst() {
    AddressRange range = AddressRange.of("172.30.0.0/16");

    assertThat(range.address(1)).isEqualTo("172.30.0.1");
    assertThat(range.address(range.size() - 1)).isEqualTo("172.30.255.255");
    assertThatIllegalArgumentException().isThrownBy(() -> range.address(range.size()));
  }

  @Test
  void cannotBeMadeWithHostBits() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddressRange.of("10.10.5.0/16"))
        .withMessageContaining("10.10.0.0/16 is");
    assertThatIllegalArgumentException().isThrownBy(() -> new AddressRange(1, 31));
  }
}

package dev.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tandem.registry.InstanceJson.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceJsonTest {

  private static final Instance INSTANCE =
      new Instance("user", "a", new Address("10.0.0.7", 9000), "1.4", "shanghai", "cn-east", 50);

  @Test
  void readsWhatItHasWritten() {
    assertThat(read(InstanceJson.write(INSTANCE))).isEqualTo(new Reading.Valid(INSTANCE));
  }

  @Test
  void writesWhatOthersCanRead() {
    assertThat(InstanceJson.write(INSTANCE))
        .isEqualTo(
            "{\"address\":\"10.0.0.7:9000\",\"version\":\"1.4\",\"cluster\":\"shanghai\",\"region\":\"cn-east\",\"weight\":50}");
  }

  @Test
  void needsNoMoreThanAnAddress() {
    assertThat(read("{\"address\":\"[fd00::7]:9000\",\"of a later version\":{\"x\":[]}}"))
        .isEqualTo(
            new Reading.Valid(
                new Instance("user", "a", new Address("fd00::7", 9000), "", "", "", 100)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                           | it is not one JSON object",
        "[]                                           | it is not one JSON object",
        "{\"address\":\"h:1\"} {}                     | it is no",
        "{'address':'h:1'}                            | it is no JSON",
        "{}                                           | it has no address",
        "{\"address\":7}                              | its address is no text",
        "{\"address\":null}                           | its address is no text",
        "{\"address\":\"h\"}                          | is no address: write host:port",
        "{\"address\":\"::1:9000\"}                   | is no address: write host:port",
        "{\"address\":\"h:0\"}                        | is no address: write host:port",
        "{\"address\":\"a b:1\"}                      | is no address: write host:port",
        "{\"address\":\"h:1\",\"weight\":-1}          | the weight -1 is out of range",
        "{\"address\":\"h:1\",\"weight\":1.5}         | Rounding necessary",
        "{\"address\":\"h:1\",\"weight\":1e999999999} | its weight is out of range",
        "{\"address\":\"h:1\",\"weight\":\"5\"}       | its weight is no number",
        "{\"address\":\"h:1\",\"version\":\"\\ud800\"} | its version is no text",
        "{\"address\":\"h:1\",\"version\":[]}         | its version is no text",
      })
  void saysWhatIsWrong(String text, String reason) {
    assertThat(read(text))
        .isInstanceOfSatisfying(
            Reading.Malformed.class, read -> assertThat(read.reason()).contains(reason));
  }

  @Test
  void refusesWhatIsTooLongOrTooDeepOrNoText() {
    assertThat(read("x".repeat(64 * 1024 + 1)))
        .isEqualTo(new Reading.Malformed("it is longer than 65536 bytes"));
    assertThat(read("{\"a\":" + "[".repeat(60_000))).isInstanceOf(Reading.Malformed.class);
    assertThat(
            InstanceJson.read("user", "a", ByteString.copyFrom(new byte[] {'{', (byte) 0xc3, '}'})))
        .isEqualTo(new Reading.Malformed("it is not UTF-8"));
  }

  @ParameterizedTest
  @CsvSource({"b/c", "-b", "''", "b c"})
  void refusesKeysThatNoInstanceHas(String id) {
    assertThat(InstanceJson.read("user", id, ByteString.copyFromUtf8("{\"address\":\"h:1\"}")))
        .isInstanceOfSatisfying(
            Reading.Malformed.class,
            read -> assertThat(read.reason()).contains("is no name of an instance"));
  }

  private static Reading read(String text) {
    return InstanceJson.read("user", "a", ByteString.copyFromUtf8(text));
  }
}

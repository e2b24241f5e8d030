package dev.tandem.versioning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LifecycleFileTest {

  private static final String WHOLE =
      """
      apiVersion: tandem.dev/v1
      packages:
        tandem.user.v1:
          state: DEPRECATED
          deprecated: 2026-12-01
          sunset: 2027-06-01
          successor: tandem.user.v2
          link: https://example.com/guides/user-v2
        tandem.user.v2:
          state: ACTIVE
        tandem.mail.v1beta1:
          state: RETIRED
          deprecated: 2025-01-31
          sunset: 2025-01-31
          link: https://example.com/no-more-mail
      """;

  @Test
  void readsEveryStateWithWhatItAnnounces() {
    assertThat(LifecycleFile.parse("lifecycle.yaml", WHOLE.getBytes(UTF_8)))
        .isEqualTo(
            new LifecycleReading.Valid(
                new Lifecycle(
                    Map.of(
                        "tandem.user.v1",
                        new ApiState.Sunsetting(
                            new Announcement(
                                LocalDate.of(2026, 12, 1),
                                LocalDate.of(2027, 6, 1),
                                Optional.of("tandem.user.v2"),
                                Optional.of(URI.create("https://example.com/guides/user-v2")))),
                        "tandem.user.v2",
                        new ApiState.Active(),
                        "tandem.mail.v1beta1",
                        new ApiState.Retired(
                            new Announcement(
                                LocalDate.of(2025, 1, 31),
                                LocalDate.of(2025, 1, 31),
                                Optional.empty(),
                                Optional.of(URI.create("https://example.com/no-more-mail"))))))));
  }

  @Test
  void readsTheFileOfTheContracts() {
    LifecycleReading reading = LifecycleFile.read(Path.of("../../proto/lifecycle.yaml"));

    assertThat(reading).isInstanceOf(LifecycleReading.Valid.class);
  }

  @Test
  void readsTheExampleOfTheContractsReadme() throws IOException {
    String readme = Files.readString(Path.of("../../proto/README.md"));
    String example = readme.substring(readme.indexOf("apiVersion:"));

    assertThat(
            LifecycleFile.parse(
                "README.md", example.substring(0, example.indexOf("```")).getBytes(UTF_8)))
        .isInstanceOf(LifecycleReading.Valid.class);
  }

  @Test
  void takesAFileThatPublishesNothing() {
    assertThat(read("apiVersion: tandem.dev/v1\npackages: {}\n"))
        .isEqualTo(new LifecycleReading.Valid(new Lifecycle(Map.of())));
  }

  /** Replaces the first text by the second in the whole file, and expects this. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "tandem.dev/v1        | tandem.dev/v2       | 1:13 | apiVersion \"tandem.dev/v2\" is not one | write apiVersion: tandem.dev/v1",
        "apiVersion           | version             | 1:1  | unknown key \"version\" in the file | choose from: apiVersion, packages",
        "apiVersion           | version             | 1:1  | the file has no apiVersion | add: apiVersion: tandem.dev/v1",
        "packages:            | package:            | 1:1  | the file has no packages | add packages:",
        "DEPRECATED           | deprecated          | 4:12 | unknown state \"deprecated\" | choose from: ACTIVE, DEPRECATED, RETIRED",
        "state: DEPRECATED    | status: DEPRECATED  | 3:3  | tandem.user.v1 has no state | add state:",
        "state: DEPRECATED    | state:              | 4:5  | state of tandem.user.v1 must be one value | behind the colon",
        "state: DEPRECATED    | state: [RETIRED]    | 4:5  | state of tandem.user.v1 must be one value | behind the colon",
        "    deprecated: 2026 | #   deprecated: 2026 | 3:3 | tandem.user.v1 has no deprecated | add deprecated:",
        "sunset: 2027-06-01   | sunet: 2027-06-01   | 6:5  | unknown key \"sunet\" in tandem.user.v1 | choose from: state,",
        "sunset: 2027-06-01   | sunet: 2027-06-01   | 3:3  | tandem.user.v1 has no sunset | add sunset: 2027-06-01",
        "2027-06-01           | 2027-06-31          | 6:13 | sunset \"2027-06-31\" is not a date | year, month and day",
        "2027-06-01           | 01.06.2027          | 6:13 | sunset \"01.06.2027\" is not a date | year, month and day",
        "2027-06-01           | 2026-11-30          | 6:13 | before it is deprecated | write a later sunset",
        "successor: tandem.user.v2 | successor: tandem.user.v3 | 7:16 | the successor \"tandem.user.v3\" of tandem.user.v1 is not listed | list it",
        "successor: tandem.user.v2 | successor: tandem.user.v1 | 7:16 | tandem.user.v1 succeeds itself | name another",
        "successor: tandem.user.v2 | successor: tandem.mail.v1beta1 | 7:16 | is RETIRED itself | name one that callers can use",
        "successor: tandem.user.v2 | successor:          | 7:5  | successor of tandem.user.v1 must be one value | remove the line",
        "https://example.com/guides | http://example.com/guides | 8:11 | is not an https address | such as https://",
        "https://example.com/guides/user-v2 | guides/user-v2 | 8:11 | is not an https address | such as https://",
        "https://example.com/guides/user-v2 | https://example.com/<a> | 8:11 | is not an https address | such as https://",
        "link: https://example.com/no-more-mail | # nowhere | 11:3 | does not say where its callers go | add successor:",
        "state: ACTIVE        | state: ACTIVE\\n    sunset: 2027-01-01 | 11:5 | sunset of tandem.user.v2 would not be announced | write state: DEPRECATED",
        "tandem.user.v2:      | tandem.user:        | 9:3  | \"tandem.user\" is not the name of a package version | such as tandem.user.v1",
        "tandem.mail.v1beta1: | tandem.user.v2:     | 11:3 | key \"tandem.user.v2\" appears again in packages | keep one",
        "tandem.user.v2:      | [a]:                | 9:3  | a key of packages is no word | write a word",
      })
  void saysWhereAMistakeIsAndHowToMendIt(
      String text, String mistake, String place, String problem, String fix) {
    String broken =
        WHOLE.replaceFirst(
            java.util.regex.Pattern.quote(text),
            java.util.regex.Matcher.quoteReplacement(mistake.replace("\\n", "\n")));
    assertThat(broken).isNotEqualTo(WHOLE);

    assertThat(((LifecycleReading.Invalid) read(broken)).diagnostics())
        .anySatisfy(
            diagnostic ->
                assertThat(diagnostic.toString())
                    .startsWith("lifecycle.yaml:" + place + ": ")
                    .contains(problem)
                    .contains("fix: ")
                    .contains(fix));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                                         | the file is empty",
        "# nothing                                  | the file is empty",
        "- a                                        | the file must have keys",
        "a: [                                       | not YAML",
        "a: b\\n\\tc: d                             | not YAML",
        "a: b\\n---\\nc: d                          | a second YAML document",
        "apiVersion: tandem.dev/v1\\npackages: none | packages must have keys of its own",
        "apiVersion: tandem.dev/v1\\npackages: {tandem.user.v1: ACTIVE} | tandem.user.v1 must have keys",
        "%YAML 9.9\\n---\\na: b                     | not YAML",
      })
  void refusesWhatIsNoSuchFile(String text, String problem) {
    assertThat(read(text.replace("\\n", "\n").replace("\\t", "\t")).toString())
        .contains(problem)
        .contains("fix: ");
  }

  @Test
  void survivesBracketsWithoutEnd() {
    assertThat(read("a: " + "[".repeat(200_000))).isInstanceOf(LifecycleReading.Invalid.class);
  }

  @Test
  void refusesWhatIsNotText() {
    assertThat(LifecycleFile.parse("lifecycle.yaml", new byte[] {(byte) 0xff, (byte) 0xfe}))
        .hasToString(
            "lifecycle.yaml:1:1: cannot be read: it is not UTF-8 text\n    fix: save it as UTF-8");
  }

  @Test
  void saysWhyAFileCannotBeRead(@TempDir Path folder) throws IOException {
    Path large = Files.write(folder.resolve("large.yaml"), new byte[(1 << 20) + 1]);

    assertThat(LifecycleFile.read(folder.resolve("none.yaml")).toString())
        .contains("it does not exist");
    assertThat(LifecycleFile.read(folder).toString()).contains("it is a directory");
    assertThat(LifecycleFile.read(large).toString()).contains("it is larger than 1 MiB");
  }

  private static LifecycleReading read(String text) {
    return LifecycleFile.parse("lifecycle.yaml", text.getBytes(UTF_8));
  }
}

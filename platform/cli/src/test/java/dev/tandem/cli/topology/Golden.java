package dev.tandem.cli.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Compares with files that people have read; {@code mvn test -Dtandem.golden=write} writes them
 * anew, to be read again.
 */
final class Golden {

  static final Path RESOURCES = Path.of("src/test/resources/dev/tandem/cli/topology");

  private Golden() {}

  static void assertMatches(String actual, String name) throws IOException {
    Path file = RESOURCES.resolve("golden").resolve(name);
    if ("write".equals(System.getProperty("tandem.golden"))) {
      Files.writeString(file, actual);
    }
    assertThat(actual).isEqualTo(Files.readString(file));
  }
}

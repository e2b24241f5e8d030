package dev.tandem.cli.migrate;

import dev.tandem.cli.contracts.PublishedVersions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is migrated, as the command line says it. */
final class MigrationOptions {

  @Parameters(paramLabel = "SERVICE", description = "The service, such as user.")
  private String service = "";

  @Option(
      names = "--from",
      paramLabel = "PACKAGE",
      required = true,
      description = "The contract that callers speak now, such as tandem.user.v1.")
  private String from = "";

  @Option(
      names = "--to",
      paramLabel = "PACKAGE",
      required = true,
      description = "The contract that replaces it, such as tandem.user.v2.")
  private String to = "";

  @Option(
      names = "--image",
      paramLabel = "REFERENCE",
      description = "The new deployment's image; the old one's unless told otherwise.")
  private @Nullable String image;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "An environment variable of the new deployment; may be repeated.")
  private Map<String, String> environment = Map.of();

  @Option(
      names = "--shares",
      paramLabel = "PERCENT",
      split = ",",
      defaultValue = "1,5,20,50,100",
      description = "The shares of calls that the new deployment gets, one after the other.")
  private List<Integer> shares = List.of();

  @Option(
      names = "--contracts",
      paramLabel = "DIRECTORY",
      defaultValue = "${env:TANDEM_CONTRACTS:-proto}",
      description = "Where lifecycle.yaml is.")
  private Path contracts = Path.of("proto");

  /**
   * @throws IllegalArgumentException when it is no migration; the message says why
   */
  Migration migration() throws IOException {
    Migration migration =
        new Migration(
            service, from, to, Optional.ofNullable(image), environment, new Course(shares));
    PublishedVersions published = PublishedVersions.read(contracts);
    published.requireServed(from);
    published.requireServed(to);
    return migration;
  }
}

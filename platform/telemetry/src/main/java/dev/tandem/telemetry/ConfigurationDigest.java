package dev.tandem.telemetry;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;

/**
 * Twelve hex digits that say what a service is configured with: the same in every pod of a release,
 * another after a release that changed nothing but a setting.
 *
 * <p>It covers the values in effect of {@code tandem.*} and {@code quarkus.*}, wherever they come
 * from. It leaves out secrets, because a short secret could be guessed from a digest, and what
 * differs from pod to pod or is told elsewhere. What a service reads from files while it runs is
 * not in it.
 */
final class ConfigurationDigest {

  private static final int DIGITS = 12;

  /** Where it runs and which image runs are attributes of their own. */
  private static final Set<String> NOT_CONFIGURATION =
      Set.of(
          "tandem.cluster",
          "tandem.region",
          "tandem.zone",
          "tandem.namespace",
          "tandem.pod",
          "tandem.version",
          "tandem.telemetry.deployment-digest",
          "quarkus.application.version",
          // Drawn anew by every process that asks for it.
          "quarkus.uuid");

  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "password|passwd|passphrase|secret|token|credential|private-?key|api-?key|\\.headers\\.",
          Pattern.CASE_INSENSITIVE);

  /** A URL's user and password, and parameters that are secrets. */
  private static final Pattern SECRET_IN_VALUE =
      Pattern.compile(
          "(?<=//)[^/@\\s]+@|(password|secret|token)=[^&;\\s]*", Pattern.CASE_INSENSITIVE);

  private ConfigurationDigest() {}

  static String of(Config config) {
    Set<String> names = new TreeSet<>();
    config.getPropertyNames().forEach(names::add);
    MessageDigest digest = sha256();
    for (String name : names) {
      if (counts(name)) {
        valueOf(config, name)
            .ifPresent(value -> digest.update(line(name, value).getBytes(StandardCharsets.UTF_8)));
      }
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
  }

  private static boolean counts(String name) {
    return (name.startsWith("tandem.") || name.startsWith("quarkus."))
        && !NOT_CONFIGURATION.contains(name)
        && !SECRET_NAME.matcher(name).find();
  }

  private static Optional<String> valueOf(Config config, String name) {
    return config
        .getOptionalValue(name, String.class)
        .map(value -> SECRET_IN_VALUE.matcher(value).replaceAll(""));
  }

  /** Neither a name nor a value can hold the character 0, so no two settings give one text. */
  private static String line(String name, String value) {
    return name + '\0' + value + '\0';
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

package dev.tandem.telemetry;

import dev.tandem.telemetry.TelemetrySettings.Export;
import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;

/** What types cannot say of settings. */
final class SettingsCheck {

  private static final String PREFIX = "tandem.telemetry.";

  /** Longer ones are a mistake in the unit, and far longer ones do not fit a timer. */
  private static final Duration LONGEST = Duration.ofDays(1);

  /** What metadata can carry: a line break in it would end other calls, too. */
  private static final Pattern PRINTABLE = Pattern.compile("[ -~]+");

  private SettingsCheck() {}

  /**
   * Checks what belongs together and what has limits.
   *
   * @throws IllegalArgumentException naming the key, the value and the fix
   */
  static void check(TelemetrySettings settings) {
    require(
        settings.sampling() >= 0 && settings.sampling() <= 1,
        "sampling",
        settings.sampling(),
        "write a share from 0 to 1, such as 0.1");
    require(settings.queueSize() >= 1, "queue-size", settings.queueSize(), "write 1 or more");
    require(settings.maxClusters() >= 1, "max-clusters", settings.maxClusters(), "write 1 or more");
    requirePositive("export-delay", settings.exportDelay());
    requirePositive("export-timeout", settings.exportTimeout());
    requirePositive("flush-timeout", settings.flushTimeout());
    if (settings.export() == Export.OTLP) {
      URI endpoint =
          settings
              .endpoint()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          PREFIX
                              + "endpoint is not set, and "
                              + PREFIX
                              + "export is otlp: write the collector's address, such as"
                              + " http://otel-collector:4318, or export=none"));
      require(
          ("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))
              && endpoint.getHost() != null,
          "endpoint",
          endpoint,
          "write a URL such as http://otel-collector:4318, without /v1/traces");
    }
  }

  /**
   * Checks what is said of this instance on every call that it makes.
   *
   * @throws IllegalArgumentException naming the key, the value and the fix
   */
  static void check(InstanceSettings instance) {
    if (!PRINTABLE.matcher(instance.cluster()).matches()) {
      throw new IllegalArgumentException(
          "tandem.cluster is '%s': write printable ASCII, such as the cluster's name in the topology"
              .formatted(instance.cluster()));
    }
  }

  private static void requirePositive(String key, Duration value) {
    require(value.isPositive(), key, value, "write a duration longer than zero, such as 1s");
    require(value.compareTo(LONGEST) <= 0, key, value, "write a duration of at most 24h");
  }

  private static void require(boolean right, String key, Object value, String fix) {
    if (!right) {
      throw new IllegalArgumentException("%s%s is %s: %s".formatted(PREFIX, key, value, fix));
    }
  }
}

package dev.tandem.auth;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * What makes a token acceptable, beside a signature by one of the issuer's keys.
 *
 * @param issuer the {@code iss} that it has to have
 * @param audience what its {@code aud} has to name
 * @param algorithms what it may be signed with
 * @param clockSkew how far the issuer's clock and ours may be apart, at most 5 minutes
 * @param maxLifetime the longest time between its {@code iat} and {@code exp}
 * @param maxTokenBytes its longest form
 */
public record TokenRules(
    String issuer,
    String audience,
    Set<SignatureAlgorithm> algorithms,
    Duration clockSkew,
    Duration maxLifetime,
    int maxTokenBytes) {

  private static final Duration MOST_SKEW = Duration.ofMinutes(5);
  private static final int MOST_BYTES = 1 << 16;

  /**
   * Checks the rules.
   *
   * @throws IllegalArgumentException naming the setting, its value and what it has to be
   */
  public TokenRules {
    algorithms = Set.copyOf(algorithms);
    Setting.require(!issuer.isBlank(), "issuer", issuer, "it must not be blank");
    Setting.require(!audience.isBlank(), "audience", audience, "it must not be blank");
    Setting.require(
        !algorithms.isEmpty(),
        "algorithms",
        "",
        "name at least one of " + SignatureAlgorithm.names());
    Setting.require(
        !clockSkew.isNegative() && clockSkew.compareTo(MOST_SKEW) <= 0,
        "clock-skew",
        clockSkew,
        "it has to be between 0s and 5m");
    Setting.require(
        maxLifetime.isPositive(), "max-lifetime", maxLifetime, "it has to be longer than 0s");
    Setting.require(
        maxTokenBytes > 0 && maxTokenBytes <= MOST_BYTES,
        "max-token-bytes",
        maxTokenBytes,
        "it has to be between 1 and " + MOST_BYTES);
  }

  /** An issuer's tokens for an audience, everything else as the settings have it by default. */
  public static TokenRules of(String issuer, String audience) {
    return new TokenRules(
        issuer,
        audience,
        EnumSet.allOf(SignatureAlgorithm.class),
        Duration.ofSeconds(30),
        Duration.ofHours(24),
        6144);
  }

  /** The rules that the settings give. */
  public static TokenRules from(AuthSettings settings) {
    return new TokenRules(
        Setting.required("issuer", settings.issuer(), "the iss of the tokens to accept"),
        Setting.required("audience", settings.audience(), "the aud of the tokens to accept"),
        settings.algorithms().stream().map(TokenRules::algorithm).collect(toUnmodifiableSet()),
        settings.clockSkew(),
        settings.maxLifetime(),
        settings.maxTokenBytes());
  }

  private static SignatureAlgorithm algorithm(String name) {
    return SignatureAlgorithm.named(name)
        .orElseThrow(
            () ->
                Setting.wrong(
                    "algorithms", name, "there are " + SignatureAlgorithm.names() + " only"));
  }
}

package dev.tandem.auth;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.text.ParseException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token says (RFC 7519, section 4.1), taken by the letter: a claim of another type than the
 * RFC gives it is not converted but refused.
 *
 * @param issuer {@code iss}
 * @param subject {@code sub}
 * @param audience {@code aud}
 * @param issued {@code iat}
 * @param expires {@code exp}
 * @param notBefore {@code nbf}
 * @param scopes what the subject may do (RFC 8693, section 4.2)
 */
record Claims(
    Optional<String> issuer,
    Optional<String> subject,
    Set<String> audience,
    Optional<Instant> issued,
    Optional<Instant> expires,
    Optional<Instant> notBefore,
    Set<String> scopes) {

  /** The end of the year 9999: later than any token's time, early enough to calculate with. */
  private static final long LATEST_SECOND = 253_402_300_799L;

  static Claims in(@Nullable Map<String, Object> json) throws ParseException {
    if (json == null) {
      throw new ParseException("the payload is no JSON object", 0);
    }
    return new Claims(
        text(json, "iss"),
        text(json, "sub"),
        audience(json.get("aud")),
        time(json, "iat"),
        time(json, "exp"),
        time(json, "nbf"),
        text(json, "scope")
            .filter(scope -> !scope.isBlank())
            // A scope that is there twice is there.
            .map(scope -> Arrays.stream(scope.strip().split(" +")).collect(toUnmodifiableSet()))
            .orElse(Set.of()));
  }

  private static Optional<String> text(Map<String, Object> json, String name)
      throws ParseException {
    return switch (json.get(name)) {
      case null -> Optional.empty();
      case String text -> Optional.of(text);
      default -> throw wrong(name);
    };
  }

  private static Optional<Instant> time(Map<String, Object> json, String name)
      throws ParseException {
    return switch (json.get(name)) {
      case null -> Optional.empty();
      case Number seconds
          when seconds.doubleValue() >= 0 && seconds.doubleValue() <= LATEST_SECOND ->
          Optional.of(Instant.ofEpochSecond(seconds.longValue()));
      default -> throw wrong(name);
    };
  }

  private static Set<String> audience(@Nullable Object json) throws ParseException {
    return switch (json) {
      case null -> Set.of();
      case String one -> Set.of(one);
      case List<?> several when several.stream().allMatch(String.class::isInstance) ->
          several.stream().map(String.class::cast).collect(toUnmodifiableSet());
      default -> throw wrong("aud");
    };
  }

  private static ParseException wrong(String name) {
    return new ParseException("the claim " + name + " is of another type", 0);
  }
}

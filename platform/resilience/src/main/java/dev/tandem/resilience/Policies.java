package dev.tandem.resilience;

import java.time.Duration;
import java.util.Map;

/**
 * How every service is called.
 *
 * @param standard unless a target has its own
 * @param targets by the full name of the gRPC service
 * @param reserve what an outgoing call leaves of the incoming one's time, for the way back
 * @param bufferLimit bytes that all requests which are kept for a repetition may have together
 */
public record Policies(
    TargetPolicy standard, Map<String, TargetPolicy> targets, Duration reserve, long bufferLimit) {

  /** The platform's policies. */
  public static final Policies STANDARD =
      new Policies(TargetPolicy.STANDARD, Map.of(), Duration.ofMillis(50), 16 << 20);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException naming the key, the value and the fix
   */
  public Policies {
    targets = Map.copyOf(targets);
    Setting.isNotNegative("deadline.reserve", reserve, "50ms");
    Setting.require(
        reserve.compareTo(standard.deadline()) < 0,
        "deadline.reserve",
        reserve,
        "less than deadline.unary, which is " + standard.deadline());
    Setting.isBetween("retry.buffer-limit", bufferLimit, 0, Long.MAX_VALUE);
  }

  /** The policy for a gRPC service, named in full such as tandem.user.v1.UserService. */
  public TargetPolicy of(String service) {
    return targets.getOrDefault(service, standard);
  }

  /**
   * The policies that an application is configured with.
   *
   * @throws IllegalArgumentException naming the key, the value and the fix
   */
  public static Policies from(ResilienceSettings settings) {
    return SettingsReader.read(settings);
  }
}

package dev.tandem.registry;

import java.util.regex.Pattern;

/**
 * One process that serves.
 *
 * @param service what clients ask for, such as {@code user}
 * @param id tells it from the service's other instances
 * @param version the release that it runs
 * @param cluster where it is, or empty
 * @param region where that is, or empty
 * @param weight its share of the calls, relative to others'; 0 is none
 */
public record Instance(
    String service,
    String id,
    Address address,
    String version,
    String cluster,
    String region,
    int weight) {

  /** What may stand between the slashes of a key. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}");

  private static final int HEAVIEST = 1_000_000;

  public Instance {
    requireName("a service", service);
    requireName("an instance", id);
    if (weight < 0 || weight > HEAVIEST) {
      throw new IllegalArgumentException(
          "the weight %d is out of range: choose 0 to %d".formatted(weight, HEAVIEST));
    }
  }

  /**
   * Checks what becomes part of a key.
   *
   * @param what it is the name of, with its article
   * @throws IllegalArgumentException when it cannot, naming the fix
   */
  static void requireName(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is no name of %s: use letters, digits, dots, dashes and underscores, a letter or digit first"
              .formatted(name, what));
    }
  }
}

package dev.tandem.registry;

import java.util.regex.Pattern;

/**
 * What all keys begin with, such as {@code /services}.
 *
 * @param path with a slash first and none last
 */
record Prefix(String path) {

  private static final Pattern FOLDERS = Pattern.compile("(/[A-Za-z0-9][A-Za-z0-9._-]*)+");

  Prefix {
    if (!FOLDERS.matcher(path).matches()) {
      throw new IllegalArgumentException(
          "tandem.registry.prefix: \"%s\" is no prefix: write one such as /services"
              .formatted(path));
    }
  }

  /** {@code /services/user/a} for {@code user/a}. */
  String key(String below) {
    return path + "/" + below;
  }

  /** {@code /services/user/} for {@code user}. */
  String folder(String name) {
    return path + "/" + name + "/";
  }
}

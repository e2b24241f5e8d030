package dev.tandem.user;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * One user.
 *
 * @param userId 1 to {@value #MAX_USER_ID_BYTES} bytes of UTF-8
 * @param name not blank
 * @param age in years, 0 to {@value #MAX_AGE}
 */
record User(String userId, String name, int age) {

  static final int MAX_USER_ID_BYTES = 128;
  private static final int MAX_AGE = 150;

  User {
    if (!isUserId(userId)) {
      throw new IllegalArgumentException(
          "user_id must be 1 to %d bytes".formatted(MAX_USER_ID_BYTES));
    }
    if (name.isBlank()) {
      throw new IllegalArgumentException("name must not be blank");
    }
    if (age < 0 || age > MAX_AGE) {
      throw new IllegalArgumentException("age must be 0 to %d, not %d".formatted(MAX_AGE, age));
    }
  }

  static boolean isUserId(String text) {
    return !text.isEmpty() && text.getBytes(UTF_8).length <= MAX_USER_ID_BYTES;
  }
}

package dev.tandem.user;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Pattern;

/**
 * One user.
 *
 * @param userId 1 to {@value #MAX_USER_ID_BYTES} bytes of UTF-8
 * @param name not blank
 * @param age in years, 0 to {@value #MAX_AGE}
 * @param email a mailbox as RFC 5321 writes it, at most {@value #MAX_EMAIL_BYTES} bytes; empty when
 *     none is known
 */
record User(String userId, String name, int age, String email) {

  static final int MAX_USER_ID_BYTES = 128;
  private static final int MAX_AGE = 150;

  /** RFC 5321, 4.5.3.1.3: a path of 256 bytes, less its angle brackets. */
  private static final int MAX_EMAIL_BYTES = 254;

  private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
  private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

  /** RFC 5321, 4.1.2, without quoted local parts and address literals, which nobody has. */
  private static final Pattern MAILBOX =
      Pattern.compile("(?=[^@]{1,64}@)%1$s(\\.%1$s)*@%2$s(\\.%2$s)*".formatted(ATOM, LABEL));

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
    if (!email.isEmpty() && !isEmail(email)) {
      throw new IllegalArgumentException(
          "email must be an address such as ada@example.com, not \"%s\"".formatted(email));
    }
  }

  private static boolean isEmail(String text) {
    return text.length() <= MAX_EMAIL_BYTES && MAILBOX.matcher(text).matches();
  }

  static boolean isUserId(String text) {
    return !text.isEmpty() && text.getBytes(UTF_8).length <= MAX_USER_ID_BYTES;
  }
}

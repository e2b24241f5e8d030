package dev.tandem.transport;

/**
 * A setting that cannot be followed. The message has the key, the value and what to do; it is meant
 * to end the start of the process.
 */
public final class WrongSettingException extends RuntimeException {

  private static final long serialVersionUID = 1;

  WrongSettingException(String key, Object value, String reasonAndFix) {
    super("%s=%s: %s".formatted(key, value, reasonAndFix));
  }

  WrongSettingException(String key, Object value, String reasonAndFix, Throwable cause) {
    super("%s=%s: %s".formatted(key, value, reasonAndFix), cause);
  }
}

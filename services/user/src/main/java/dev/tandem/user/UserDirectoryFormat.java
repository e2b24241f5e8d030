package dev.tandem.user;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.InputStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Reads <code>
 * {"users": [{"user_id": "ada", "name": "Ada Lovelace", "age": 36, "email": "ada@example.com"}]}
 * </code>. Only the email may be missing.
 */
final class UserDirectoryFormat {

  private static final String EMAIL = "email";
  private static final Set<String> REQUIRED = Set.of("user_id", "name", "age");
  private static final Set<String> ALL = Set.of("user_id", "name", "age", EMAIL);

  private UserDirectoryFormat() {}

  /**
   * The text is not a directory of users. The message says what is wrong and where, not in which
   * file.
   */
  static final class MalformedException extends Exception {

    private static final long serialVersionUID = 1;

    private MalformedException(String message, Throwable cause) {
      super(message, cause);
    }

    private MalformedException(String message) {
      super(message);
    }
  }

  static Collection<User> read(InputStream json) throws MalformedException {
    try (JsonReader reader = Json.createReader(json)) {
      return users(reader.readObject());
    } catch (JsonException | NumberFormatException e) {
      // The second one for exponents that are too long; it must not end the thread that follows
      // the file.
      throw new MalformedException("not a JSON object: " + e.getMessage(), e);
    }
  }

  private static Collection<User> users(JsonObject root) throws MalformedException {
    if (!(root.get("users") instanceof JsonArray entries)) {
      throw new MalformedException("\"users\" must be a list");
    }
    Map<String, User> users = LinkedHashMap.newLinkedHashMap(entries.size());
    int position = 0;
    for (JsonValue entry : entries) {
      position++;
      User user = user(entry, position);
      if (users.putIfAbsent(user.userId(), user) != null) {
        throw new MalformedException(
            "user %d: user_id \"%s\" is used twice".formatted(position, user.userId()));
      }
    }
    return users.values();
  }

  private static User user(JsonValue entry, int position) throws MalformedException {
    if (!(entry instanceof JsonObject fields
        && fields.keySet().containsAll(REQUIRED)
        && ALL.containsAll(fields.keySet()))) {
      throw new MalformedException(
          "user %d: must be an object with exactly user_id, name, age and, where it is known, email"
              .formatted(position));
    }
    if (!(fields.get("user_id") instanceof JsonString userId
        && fields.get("name") instanceof JsonString name
        && fields.get("age") instanceof JsonNumber age
        && fields.getOrDefault(EMAIL, Json.createValue("")) instanceof JsonString email)) {
      throw new MalformedException(
          "user %d: user_id, name and email must be strings, age a number".formatted(position));
    }
    if (fields.containsKey(EMAIL) && email.getString().isEmpty()) {
      throw new MalformedException(
          "user %d: email must not be empty: leave it out where none is known".formatted(position));
    }
    try {
      return new User(userId.getString(), name.getString(), age.intValueExact(), email.getString());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new MalformedException("user %d: %s".formatted(position, e.getMessage()), e);
    }
  }
}

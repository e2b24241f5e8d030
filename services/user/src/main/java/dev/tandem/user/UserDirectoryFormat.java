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

/** Reads <code>{"users": [{"user_id": "ada", "name": "Ada Lovelace", "age": 36}]}</code>. */
final class UserDirectoryFormat {

  private static final Set<String> KEYS = Set.of("user_id", "name", "age");

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
    } catch (JsonException e) {
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
    if (!(entry instanceof JsonObject fields && fields.keySet().equals(KEYS))) {
      throw new MalformedException(
          "user %d: must be an object with exactly user_id, name and age".formatted(position));
    }
    if (!(fields.get("user_id") instanceof JsonString userId
        && fields.get("name") instanceof JsonString name
        && fields.get("age") instanceof JsonNumber age)) {
      throw new MalformedException(
          "user %d: user_id and name must be strings, age a number".formatted(position));
    }
    try {
      return new User(userId.getString(), name.getString(), age.intValueExact());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new MalformedException("user %d: %s".formatted(position, e.getMessage()), e);
    }
  }
}

package dev.tandem.user;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserDirectoryFormatTest {

  @Test
  void readsEveryUser() throws Exception {
    Collection<User> users =
        read(
            """
            {"users": [
              {"user_id": "ada", "name": "Ada Lovelace", "age": 36, "email": "ada@example.com"},
              {"user_id": "lin", "name": "林徽因", "age": 50}
            ]}
            """);

    assertThat(users)
        .containsExactly(
            new User("ada", "Ada Lovelace", 36, "ada@example.com"), new User("lin", "林徽因", 50, ""));
  }

  @Test
  void readsADirectoryOfNobody() throws Exception {
    assertThat(read("{\"users\": []}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          []                                                         | not a JSON object
          {"users": [                                                | not a JSON object
          {}                                                         | "users" must be a list
          {"users": {}}                                              | "users" must be a list
          {"users": ["ada"]}                                         | user 1: must be an object with exactly
          {"users": [{"user_id": "a", "name": "A"}]}                 | user 1: must be an object with exactly
          {"users": [{"user_id": "a", "name": "A", "age": "old"}]}   | user 1: user_id, name and email must be strings
          {"users": [{"user_id": "a", "name": "A", "age": 1.5}]}     | user 1:
          {"users": [{"user_id": "a", "name": "A", "age": 3e22222222222}]} | not a JSON object
          {"users": [{"user_id": "a", "name": "A", "age": -1}]}      | user 1: age must be 0 to 150, not -1
          {"users": [{"user_id": "a", "name": " ", "age": 1}]}       | user 1: name must not be blank
          {"users": [{"user_id": "a", "name": "A", "age": 1, "phone": "1"}]} | user 1: must be an object with exactly
          {"users": [{"user_id": "a", "name": "A", "age": 1, "email": 1}]} | user 1: user_id, name and email must be strings
          {"users": [{"user_id": "a", "name": "A", "age": 1, "email": null}]} | user 1: user_id, name and email must be strings
          {"users": [{"user_id": "a", "name": "A", "age": 1, "email": ""}]} | user 1: email must not be empty
          {"users": [{"user_id": "a", "name": "A", "age": 1, "email": "ada"}]} | user 1: email must be an address
          {"users": [{"user_id": "", "name": "A", "age": 1}]}        | user 1: user_id must be 1 to 128 bytes
          {"users": [{"user_id": "a", "name": "A", "age": 1}, {"user_id": "a", "name": "B", "age": 2}]} | user 2: user_id "a" is used twice
          """)
  void saysWhatIsWrongAndWhere(String json, String reason) {
    assertThatExceptionOfType(UserDirectoryFormat.MalformedException.class)
        .isThrownBy(() -> read(json))
        .withMessageStartingWith(reason);
  }

  private static Collection<User> read(String json) throws UserDirectoryFormat.MalformedException {
    return UserDirectoryFormat.read(new ByteArrayInputStream(json.getBytes(UTF_8)));
  }
}

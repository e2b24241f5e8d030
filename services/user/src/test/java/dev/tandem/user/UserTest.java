package dev.tandem.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ada@example.com",
        "ada.king+engine@mail.example.co.uk",
        "o'brien@localhost",
        "a@b",
        "1-2@3-4.example"
      })
  void takesAnAddress(String email) {
    assertThat(withEmail(email).email()).isEqualTo(email);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ada",
        "@example.com",
        "ada@",
        "ada@@example.com",
        "ada@example..com",
        "ada@-example.com",
        ".ada@example.com",
        "ada @example.com",
        "ada@example.com\n",
        "ada@example.com, eve@example.com",
        "<ada@example.com>",
        " ",
        "林@example.com"
      })
  void refusesWhatIsNoAddress(String email) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> withEmail(email))
        .withMessageStartingWith("email must be an address such as ada@example.com");
  }

  @Test
  void takesTheLongestAddressAndNoLongerOne() {
    String domain = ("d".repeat(47) + ".").repeat(4).substring(1);
    String longest = "l".repeat(64) + "@" + domain.substring(0, 189);

    assertThat(withEmail(longest).email()).hasSize(254);
    assertThatIllegalArgumentException().isThrownBy(() -> withEmail(longest + "d"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> withEmail("l".repeat(65) + "@example.com"));
  }

  private static User withEmail(String email) {
    return new User("ada", "Ada Lovelace", 36, email);
  }
}

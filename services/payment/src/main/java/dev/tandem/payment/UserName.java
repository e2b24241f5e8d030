package dev.tandem.payment;

import java.time.Instant;
import java.util.Optional;

/**
 * What a user is called.
 *
 * @param asOf when the user service said so, if that was not for this payment
 */
record UserName(String name, Optional<Instant> asOf) {

  static UserName now(String name) {
    return new UserName(name, Optional.empty());
  }
}

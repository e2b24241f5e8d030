package dev.tandem.auth;

import dev.tandem.identity.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** What came of looking at a token. Only {@link Valid} opens anything. */
sealed interface TokenCheck {

  /**
   * Signed by the issuer, for us, in force.
   *
   * @param caller its subject
   * @param scopes what it says that the subject may do
   * @param expiry when it ends, the allowance for clocks included
   */
  record Valid(Caller caller, Set<String> scopes, Instant expiry) implements TokenCheck {}

  /**
   * Signed by the issuer, and no longer in force.
   *
   * @param ago how long since
   */
  record Expired(Duration ago) implements TokenCheck {}

  /**
   * Not acceptable.
   *
   * @param reason for the log, never for the caller
   */
  record Rejected(String reason) implements TokenCheck {}

  /**
   * Names a key that we do not have: a forgery, or the issuer has a new one.
   *
   * @param keyId as the token has it
   */
  record UnknownKey(String keyId) implements TokenCheck {}

  /** The issuer's keys could not be had yet: nothing can be said of any token. */
  record NoKeys() implements TokenCheck {}
}

package dev.tandem.auth;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whose tokens are accepted and what they open. Every key has its environment variable:
 * TANDEM_AUTH_ISSUER, TANDEM_AUTH_JWKS_LOCATION, TANDEM_AUTH_RULES_0__METHODS.
 *
 * <p>The issuer, the audience and the location of the keys have no defaults: without them a service
 * does not start, unless it says that it authenticates nobody.
 */
@ConfigMapping(prefix = "tandem.auth")
public interface AuthSettings {

  /** Whether calls are authenticated. False must be said, and is said again in the log at start. */
  @WithDefault("true")
  boolean enabled();

  /** The {@code iss} of the tokens to accept, compared character by character. */
  Optional<String> issuer();

  /** What the tokens' {@code aud} has to name. */
  Optional<String> audience();

  /** The public keys of the issuer. */
  Jwks jwks();

  /** The signature algorithms to accept; there are RS256, ES256 and EdDSA (Ed25519). */
  @WithDefault("RS256,ES256,EdDSA")
  Set<String> algorithms();

  /** How far the issuer's clock and ours may be apart. */
  @WithDefault("30s")
  Duration clockSkew();

  /** The longest time between a token's {@code iat} and {@code exp}. */
  @WithDefault("24h")
  Duration maxLifetime();

  /**
   * The longest token, in bytes; a longer one is refused unread. gRPC itself takes 8 KiB of
   * metadata in all, unless told otherwise.
   */
  @WithDefault("6144")
  int maxTokenBytes();

  /** The gRPC services that answer without a token; empty for none. */
  @WithDefault(
      "grpc.health.v1.Health,grpc.reflection.v1.ServerReflection,grpc.reflection.v1alpha.ServerReflection")
  Optional<List<String>> exempt();

  /**
   * Who may call what. A method that no rule names is open to every caller with a valid token;
   * rules that name a method itself take over from those that name its service.
   */
  List<Rule> rules();

  /**
   * Where outgoing calls take the token of the incoming call along, as {@code host} or {@code
   * host:port}; empty for nowhere.
   */
  Optional<List<String>> propagateTo();

  /** The issuer's public keys (a JSON Web Key Set, RFC 7517), and how they are kept up to date. */
  interface Jwks {

    /** A file, or an https URL; http only to this machine. */
    Optional<String> location();

    /**
     * The authorities that may vouch for the https URL, as a file in PEM, read with every read of
     * the keys. Without it, those that the JVM trusts ({@code javax.net.ssl.trustStore}, else its
     * own).
     */
    Optional<Path> trust();

    /** How old the keys may be before they are read again, while they still serve. */
    @WithDefault("1m")
    Duration refresh();

    /** The least time between two reads, whatever the tokens say: the bound on forged key ids. */
    @WithDefault("5s")
    Duration refetchInterval();

    /** How long a read may take, and therefore how long a call waits for an unknown key. */
    @WithDefault("2s")
    Duration timeout();

    /** The largest key set, in bytes; a larger one is not read to its end. */
    @WithDefault("262144")
    int maxBytes();

    /** The most keys in a set. */
    @WithDefault("100")
    int maxKeys();
  }

  /** One way to be allowed: the subject is one of these and holds all of these scopes. */
  interface Rule {

    /**
     * Methods such as {@code tandem.user.v1.UserService/GetUser}, or services such as {@code
     * tandem.user.v1.UserService} for all of theirs.
     */
    List<String> methods();

    /** The subjects that may call; empty: any that holds the scopes. */
    Optional<Set<String>> subjects();

    /** The scopes that the token needs, all of them; empty: none. */
    Optional<Set<String>> scopes();
  }
}

package dev.tandem.registry;

import dev.tandem.transport.Security;
import dev.tandem.transport.TransportSettings;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which registry there is, and what of this process it is told; TANDEM_REGISTRY_TYPE and so on in
 * the environment.
 */
@ConfigMapping(prefix = "tandem.registry")
public interface RegistrySettings {

  /** Which registry. */
  @WithDefault("none")
  RegistryType type();

  /** Where its servers are, {@code host:port}; another is tried when one fails. */
  Optional<List<String>> endpoints();

  /** What all keys begin with; Consul's do so without the first slash. */
  @WithDefault("/services")
  String prefix();

  /** How long an instance is kept after its process was last heard. */
  @WithDefault("20s")
  Duration lease();

  /** How often a watch that hears of no change makes sure that there is none. */
  @WithDefault("10s")
  Duration heartbeat();

  /** How long an answer may take. */
  @WithDefault("3s")
  Duration timeout();

  /** The longest pause before a registry that failed is asked again; the first is 100 ms. */
  @WithDefault("5s")
  Duration retry();

  /** How the registry is spoken to. */
  @WithDefault("plaintext")
  Security security();

  /** Who this process is to the registry, with {@code mutual-tls}. */
  TransportSettings.Tls tls();

  /** Consul's token. */
  Optional<String> token();

  /** What this process registers. */
  Self self();

  /** When this process takes itself out. */
  Health health();

  /** What this process registers. */
  interface Self {

    /** The name under which its clients look for it; without one, it is not registered. */
    Optional<String> service();

    /** What tells it from others of its service; the pod's or the host's name, unless set. */
    Optional<String> instance();

    /** Where its clients reach it; this host's address and the gRPC server's port, unless set. */
    Optional<String> address();

    /** The region that its cluster is in. */
    Optional<String> region();

    /** Its share of the calls, relative to others'. */
    @WithDefault("100")
    int weight();
  }

  /** How this process asks its own server, over its socket, whether it serves. */
  interface Health {

    /** Where its server listens; the gRPC server's port on the loopback interface, unless set. */
    Optional<String> target();

    /** How the server is spoken to, with the identity of {@code tandem.transport.tls}. */
    @WithDefault("plaintext")
    Security security();

    /** The name that the server's certificate carries; the target's host, unless set. */
    Optional<String> authority();

    /** How often it is asked. */
    @WithDefault("2s")
    Duration interval();

    /** How long an answer may take. */
    @WithDefault("1s")
    Duration timeout();

    /** Bad or missing answers in a row that take the instance out. */
    @WithDefault("3")
    int failures();

    /** Good answers in a row that put it in. */
    @WithDefault("1")
    int successes();
  }

  /** A kind of registry. */
  enum RegistryType {
    /** There is none. */
    NONE,
    /** etcd, version 3.4 or newer. */
    ETCD,
    /** Consul's key-value store. */
    CONSUL
  }
}

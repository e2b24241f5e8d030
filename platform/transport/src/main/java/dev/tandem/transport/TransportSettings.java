package dev.tandem.transport;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How this process speaks HTTP/2: what its server grants, what its channels ask for, and who it is
 * when it encrypts by itself. Durations are written as {@code 30s} or {@code 5m}, sizes as {@code
 * 1M}.
 */
@ConfigMapping(prefix = "tandem.transport")
public interface TransportSettings {

  /** The gRPC server. */
  Server server();

  /** What all channels have in common. */
  Client client();

  /** The channels by name; a service asks for one with {@link ChannelTo}. */
  Map<String, Target> channels();

  /** The certificate of this process and the peers that it trusts, for {@code mutual-tls}. */
  Tls tls();

  /** What the server grants to each connection. */
  interface Server {

    /** {@code plaintext} where a mesh encrypts, {@code mutual-tls} outside of one. */
    @WithDefault("plaintext")
    Security security();

    /** Calls at once on one connection: SETTINGS_MAX_CONCURRENT_STREAMS. */
    @WithDefault("1000")
    int concurrentStreams();

    /**
     * Bytes that a peer may send before it is told to go on, on a stream and on the connection. It
     * grows by itself, up to 8 MiB, on a path whose bandwidth and delay ask for more.
     */
    @WithDefault("1M")
    MemorySize window();

    /** The server's own ping, after this long without a byte from the client; 10 s at least. */
    @WithDefault("30s")
    Duration keepAlive();

    /** How long an answer to a ping may take before the connection counts as dead. */
    @WithDefault("10s")
    Duration keepAliveTimeout();

    /**
     * The shortest interval of a client's pings, also without calls. It is shorter than the
     * client's: a late ping and a punctual one arrive closer together than they were sent, and gRPC
     * closes a connection at the third that came too early, however much later it comes.
     */
    @WithDefault("20s")
    Duration permitKeepAlive();

    /** A connection without calls is closed after this long; 1 s at least. */
    @WithDefault("5m")
    Duration idle();

    /**
     * A connection is closed after this long, give or take a tenth, so that clients meet new
     * replicas; 1 s at least.
     */
    @WithDefault("30m")
    Duration age();

    /** How long calls in flight may go on after that. */
    @WithDefault("30s")
    Duration ageGrace();

    /** The largest message that is taken; a larger one ends its call with RESOURCE_EXHAUSTED. */
    @WithDefault("4M")
    MemorySize messageSize();

    /**
     * The largest headers that are taken: SETTINGS_MAX_HEADER_LIST_SIZE. A call whose headers are
     * larger is refused; if they exceed it by a quarter, its connection is closed (Netty's rule).
     * Envoy refuses 60 KiB and more, so that no call through a mesh costs others their connection.
     */
    @WithDefault("64K")
    MemorySize headerSize();

    /**
     * Whether callers are told at the end of each call how busy this server is, for those that
     * balance by weight.
     */
    @WithDefault("false")
    boolean loadReports();
  }

  /** What every channel has. */
  interface Client {

    /** A ping after this long without a byte from the server, also without calls; 10 s at least. */
    @WithDefault("30s")
    Duration keepAlive();

    /** How long an answer to a ping may take before the connection counts as dead. */
    @WithDefault("10s")
    Duration keepAliveTimeout();

    /** A channel without calls closes its connections after this long; 1 s at least. */
    @WithDefault("5m")
    Duration idle();

    /** As for the server. */
    @WithDefault("1M")
    MemorySize window();

    /** The largest reply that is taken; a larger one ends its call with RESOURCE_EXHAUSTED. */
    @WithDefault("4M")
    MemorySize messageSize();

    /** The largest headers or trailers that are taken. */
    @WithDefault("64K")
    MemorySize headerSize();
  }

  /** Where a channel leads and how it gets there. */
  interface Target {

    /**
     * A host and port, or a target of gRPC's <a
     * href="https://github.com/grpc/grpc/blob/master/doc/naming.md">naming</a> such as {@code
     * dns:///user:9000}.
     */
    String target();

    /** Which of the target's addresses gets a call. */
    @WithDefault("pick-first")
    LoadBalancing loadBalancing();

    /** {@code plaintext} where a mesh encrypts, {@code mutual-tls} outside of one. */
    @WithDefault("plaintext")
    Security security();

    /** The name that the server's certificate has to carry, when it is not the target's host. */
    Optional<String> authority();

    /**
     * Whether the target is asked of an xDS control plane instead, such as istiod; needs
     * io.grpc:grpc-xds and a bootstrap file.
     */
    @WithDefault("false")
    boolean xds();
  }

  /** Files in PEM, read again while the process runs. */
  interface Tls {

    /** The certificate of this process, followed by its intermediate ones. */
    Optional<Path> certificate();

    /** Its private key, PKCS #8, RSA or EC. */
    Optional<Path> key();

    /** The authorities whose certificates peers must have. */
    Optional<Path> trust();

    /** How often the files are looked at. */
    @WithDefault("10s")
    Duration refresh();
  }
}

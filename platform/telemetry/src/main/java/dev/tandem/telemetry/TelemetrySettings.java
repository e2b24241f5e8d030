package dev.tandem.telemetry;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is recorded of calls, and where it goes. */
@ConfigMapping(prefix = "tandem.telemetry")
public interface TelemetrySettings {

  /** Where spans go. */
  @WithDefault("none")
  Export export();

  /**
   * The collector's address for OTLP over HTTP, such as {@code http://otel-collector:4318}; needed
   * with {@code export=otlp}.
   */
  Optional<URI> endpoint();

  /** Headers of each export, such as a hosted collector's credentials. */
  Map<String, String> headers();

  /**
   * The share of traces that begin here and are recorded, from 0 to 1. A trace that began elsewhere
   * is recorded when its caller says so.
   */
  @WithDefault("1.0")
  double sampling();

  /**
   * Forms in which a trace travels in a call's metadata. All are sent; of those received, the first
   * of this list wins.
   */
  @WithDefault("tracecontext,baggage,b3")
  List<Propagation> propagators();

  /** How many spans may wait for the collector; what comes after that is lost, and counted. */
  @WithDefault("2048")
  int queueSize();

  /** How long a span waits for others to be sent with. */
  @WithDefault("1s")
  Duration exportDelay();

  /** How long one export may take, all its tries included. */
  @WithDefault("10s")
  Duration exportTimeout();

  /** How long a service that stops waits until its last spans are sent. */
  @WithDefault("2s")
  Duration flushTimeout();

  /** gRPC services that are neither traced nor measured: what asks every few seconds. */
  @WithDefault(
      "grpc.health.v1.Health,grpc.reflection.v1.ServerReflection,"
          + "grpc.reflection.v1alpha.ServerReflection")
  Set<String> ignoredServices();

  /** How many clusters' names metrics may tell apart; those that come later are "other". */
  @WithDefault("16")
  int maxClusters();

  /** Which calls leave a line in the log. */
  @WithDefault("errors")
  AccessLog.Policy accessLog();

  /** How a line of the log looks: for people, or for collectors. */
  @WithDefault("text")
  LogFormat logs();

  /** The image's digest, or its tag where no digest is known. */
  @WithDefault("${tandem.version:unknown}")
  String deploymentDigest();

  /** Where spans go. */
  enum Export {
    /** Nowhere: nothing is recorded. Trace ids still pass through, and are in the log. */
    NONE,
    /** To a collector, in OpenTelemetry's protocol over HTTP. */
    OTLP
  }

  /** How a line of the log looks. */
  enum LogFormat {
    TEXT,
    JSON
  }
}

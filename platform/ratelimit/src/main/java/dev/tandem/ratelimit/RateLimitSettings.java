package dev.tandem.ratelimit;

import dev.tandem.ratelimit.RateLimitConverters.AddressRangeConverter;
import dev.tandem.ratelimit.RateLimitConverters.LimitConverter;
import dev.tandem.ratelimit.RateLimitConverters.LimitsConverter;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The settings of the limiter; TANDEM_RATELIMIT_LIMIT and so on in the environment. */
@ConfigMapping(prefix = "tandem.ratelimit")
public interface RateLimitSettings {

  /** Whether calls are limited at all. */
  @WithDefault("true")
  boolean enabled();

  /** What every caller may do whom {@link #callers} does not name. */
  @WithDefault("100/s burst 200")
  @WithConverter(LimitConverter.class)
  Limit limit();

  /**
   * What a verified caller may do: by the name that authentication gave, or by the SPIFFE identity
   * that a sidecar vouches for.
   */
  Optional<@WithConverter(LimitsConverter.class) Limits> callers();

  /**
   * What each caller may do with one method, {@code package.Service/Method}, within what the caller
   * may do at all. {@code name package.Service/Method} is for that caller alone.
   */
  Optional<@WithConverter(LimitsConverter.class) Limits> methods();

  /** Services that are not counted. */
  @WithDefault("grpc.health.v1.Health")
  Optional<Set<String>> exempt();

  /** Where sidecars are whose {@code x-forwarded-client-cert} is believed. */
  Optional<List<@WithConverter(AddressRangeConverter.class) AddressRange>> sidecars();

  /** Where proxies are whose {@code x-forwarded-for} is believed. */
  Optional<List<@WithConverter(AddressRangeConverter.class) AddressRange>> trustedProxies();

  /** SPIFFE identities of proxies behind sidecars whose {@code x-forwarded-for} is believed. */
  Optional<Set<String>> trustedWorkloads();

  /** The most buckets that are kept for verified callers, and the most for addresses. */
  @WithDefault("10000")
  int buckets();

  /** Where replicas meet. */
  Store store();

  /** Where the buckets are that replicas share. */
  interface Store {

    /** Whether there is one. */
    @WithDefault("none")
    StoreType type();

    /** How long a call waits for the store before it goes by this replica's own buckets. */
    @WithDefault("250ms")
    Duration timeout();

    /** How long the store is left alone after it failed. */
    @WithDefault("1s")
    Duration retry();

    /** Calls that may ask the store at once; each takes a connection. */
    @WithDefault("4")
    int connections();
  }

  /** What holds shared buckets. */
  enum StoreType {
    /** Nothing: every replica counts alone. */
    NONE,
    /** The service's PostgreSQL, its bean of the type {@link javax.sql.DataSource}. */
    POSTGRESQL
  }
}

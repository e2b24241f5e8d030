package dev.tandem.ratelimit;

import org.eclipse.microprofile.config.spi.Converter;

/**
 * How texts become settings. SmallRye Config would find the types' {@code of} by itself, but would
 * not pass on what it says about a wrong text.
 */
public final class RateLimitConverters {

  private RateLimitConverters() {}

  /** {@code 100/s burst 200}. */
  public static final class LimitConverter implements Converter<Limit> {
    @Override
    public Limit convert(String value) {
      return Limit.of(value);
    }
  }

  /** {@code a=100/s;b=5/m}. */
  public static final class LimitsConverter implements Converter<Limits> {
    @Override
    public Limits convert(String value) {
      return Limits.of(value);
    }
  }

  /** {@code 10.0.0.0/8}. */
  public static final class AddressRangeConverter implements Converter<AddressRange> {
    @Override
    public AddressRange convert(String value) {
      return AddressRange.of(value);
    }
  }
}

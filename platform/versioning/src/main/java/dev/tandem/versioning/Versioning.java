package dev.tandem.versioning;

import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What the interceptors of a Quarkus application share. */
@Singleton
final class Versioning {

  @Produces
  @Singleton
  LifecycleSource lifecycle(VersioningSettings settings) {
    return settings
        .lifecycle()
        .map(LifecycleSource::following)
        .orElseGet(LifecycleSource::packaged);
  }

  void close(@Disposes LifecycleSource lifecycle) {
    lifecycle.close();
  }

  /** Nothing is counted in a service that does not have Micrometer. */
  @Produces
  @Singleton
  ApiCallMeter meter(VersioningSettings settings) {
    if (settings.namedCallers() < 0) {
      throw new IllegalArgumentException(
          "tandem.versioning.named-callers: \"%d\" is no number of callers: choose 0 or more"
              .formatted(settings.namedCallers()));
    }
    try {
      return MicrometerApiCallMeter.global(settings.namedCallers());
    } catch (NoClassDefFoundError _) {
      return ApiCallMeter.NONE;
    }
  }
}

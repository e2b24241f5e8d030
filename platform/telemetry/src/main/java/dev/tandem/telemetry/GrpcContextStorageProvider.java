package dev.tandem.telemetry;

import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.ContextStorageProvider;

/** How OpenTelemetry's API finds {@link GrpcContextStorage}: META-INF/services. */
public final class GrpcContextStorageProvider implements ContextStorageProvider {

  @Override
  public ContextStorage get() {
    return GrpcContextStorage.INSTANCE;
  }
}

package dev.tandem.telemetry;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Keeps OpenTelemetry's context inside gRPC's, so that there is one context to carry and not two:
 * whatever takes {@link io.grpc.Context} to another thread (grpc-java's executors, Quarkus' virtual
 * threads) takes the trace along.
 */
enum GrpcContextStorage implements ContextStorage {
  INSTANCE;

  private static final io.grpc.Context.Key<Context> KEY =
      io.grpc.Context.key("tandem-opentelemetry");

  /** The current gRPC context, with this OpenTelemetry context in it. */
  static io.grpc.Context with(Context telemetry) {
    return io.grpc.Context.current().withValue(KEY, telemetry);
  }

  /**
   * OpenTelemetry's current context. The same as {@link Context#current()}, except where
   * OpenTelemetry was loaded without seeing this class and keeps its contexts elsewhere, as in
   * Quarkus' tests and its live reload.
   */
  static Context now() {
    Context current = Context.current();
    Context inGrpc = KEY.get();
    return current == Context.root() && inGrpc != null ? inGrpc : current;
  }

  @Override
  public Scope attach(@Nullable Context toAttach) {
    if (toAttach == null || toAttach == current()) {
      return Scope.noop();
    }
    io.grpc.Context attached = io.grpc.Context.current().withValue(KEY, toAttach);
    io.grpc.Context before = attached.attach();
    return () -> attached.detach(before);
  }

  @Override
  public @Nullable Context current() {
    return KEY.get();
  }
}

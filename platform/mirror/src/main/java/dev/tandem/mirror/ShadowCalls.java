package dev.tandem.mirror;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Recognises copies of live calls, which Envoy sends to a version on trial and whose answers it
 * drops: it adds "-shadow" to their host (RouteAction.RequestMirrorPolicy). A copy must leave no
 * trace.
 */
@GlobalInterceptor
@Singleton
public final class ShadowCalls implements ServerInterceptor, Prioritized {

  private static final Context.Key<Boolean> SHADOW = Context.keyWithDefault("shadow call", false);
  private static final String MARK = "-shadow";
  private static final Pattern SHADOW_AUTHORITY = Pattern.compile(".*" + MARK + "(:[0-9]+)?");

  /** After who calls and how often: a copy is checked like any call. */
  private static final int INSIDE_ALL_CHECKS = 1000;

  /** Whether the call in hand is a copy; holds wherever its gRPC context does. */
  public static boolean isCurrent() {
    return SHADOW.get();
  }

  static boolean isShadow(@Nullable String authority) {
    // Most calls are no copies, and a search is cheaper than a match.
    return authority != null
        && authority.contains(MARK)
        && SHADOW_AUTHORITY.matcher(authority).matches();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    return isShadow(call.getAuthority())
        ? Contexts.interceptCall(Context.current().withValue(SHADOW, true), call, headers, next)
        : next.startCall(call, headers);
  }

  @Override
  public int getPriority() {
    return INSIDE_ALL_CHECKS;
  }
}

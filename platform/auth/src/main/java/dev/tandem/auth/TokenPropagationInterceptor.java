package dev.tandem.auth;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.quarkus.grpc.GlobalInterceptor;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Calls that a service makes while it serves a call take that call's token along, so that the next
 * service knows for whom it works. Only to the targets that are named: whoever receives a token can
 * use it, so nobody gets it whom the service merely happens to call. A call that has authorization
 * metadata of its own keeps it; one that belongs to no incoming call goes without.
 */
@GlobalInterceptor
@Singleton
@Startup(Interceptor.Priority.PLATFORM_BEFORE)
public final class TokenPropagationInterceptor implements ClientInterceptor, Prioritized {

  /** Inside of retries and breakers, so that each attempt carries the token. */
  public static final int PRIORITY = 6000;

  private static final Pattern TARGET =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9a-fA-F:]+])(:[0-9]{1,5})?");

  private final Set<String> targets;

  /**
   * As the settings have it, in a Quarkus application.
   *
   * @throws IllegalArgumentException when a target is no host, with or without a port
   */
  @Inject
  public TokenPropagationInterceptor(AuthSettings settings) {
    this(settings.propagateTo().orElse(List.of()));
  }

  /**
   * To these targets only.
   *
   * @param targets channels' authorities, {@code host:port}, or {@code host} for any port
   */
  public TokenPropagationInterceptor(Collection<String> targets) {
    this.targets = Set.copyOf(targets);
    targets.forEach(
        target ->
            Setting.require(
                TARGET.matcher(target).matches(),
                "propagate-to",
                target,
                "it has to be host or host:port, such as user:9000"));
  }

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    Optional<BearerToken> token = BearerToken.current();
    if (token.isEmpty() || !isTarget(next.authority())) {
      return next.newCall(method, options);
    }
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<RespT> listener, Metadata headers) {
        if (!headers.containsKey(BearerToken.AUTHORIZATION)) {
          headers.put(BearerToken.AUTHORIZATION, "Bearer " + token.get().text());
        }
        super.start(listener, headers);
      }
    };
  }

  private boolean isTarget(String authority) {
    int colon = authority.lastIndexOf(':');
    return targets.contains(authority)
        || (colon > 0 && targets.contains(authority.substring(0, colon)));
  }

  @Override
  public int getPriority() {
    return PRIORITY;
  }
}

package dev.tandem.telemetry;

import io.grpc.MethodDescriptor;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The methods that were called so far, so that their names are taken apart once and not with every
 * call. Bounded: a proxy makes methods out of what its callers send.
 */
final class RpcMethods {

  private static final int MOST = 1000;

  private final ConcurrentHashMap<String, RpcMethod> known = new ConcurrentHashMap<>();

  RpcMethod of(MethodDescriptor<?, ?> descriptor) {
    RpcMethod method = known.get(descriptor.getFullMethodName());
    if (method == null) {
      method = RpcMethod.of(descriptor);
      if (known.size() < MOST) {
        known.put(method.name(), method);
      }
    }
    return method;
  }
}

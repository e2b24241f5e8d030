package dev.tandem.telemetry;

import io.grpc.MethodDescriptor;
import java.util.Objects;

/**
 * A method as spans and metrics name it.
 *
 * @param service the service's full name: tandem.user.v1.UserService
 * @param name the method's full name: tandem.user.v1.UserService/GetUser
 * @param apiVersion the version in the package's name, or "none"
 */
record RpcMethod(String service, String name, String apiVersion) {

  static RpcMethod of(MethodDescriptor<?, ?> method) {
    String service = Objects.requireNonNullElse(method.getServiceName(), "");
    return new RpcMethod(service, method.getFullMethodName(), Rpc.apiVersion(service));
  }
}

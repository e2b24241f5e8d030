package dev.tandem.telemetry;

import static io.grpc.Status.Code.DATA_LOSS;
import static io.grpc.Status.Code.DEADLINE_EXCEEDED;
import static io.grpc.Status.Code.INTERNAL;
import static io.grpc.Status.Code.OK;
import static io.grpc.Status.Code.UNAVAILABLE;
import static io.grpc.Status.Code.UNIMPLEMENTED;
import static io.grpc.Status.Code.UNKNOWN;

import io.grpc.Status;
import io.opentelemetry.api.common.AttributeKey;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of OpenTelemetry's semantic conventions for RPC and gRPC, version 1.45.0, in which they
 * are stable: <a href="https://opentelemetry.io/docs/specs/semconv/rpc/grpc/">gRPC</a>. Names that
 * begin with "tandem" are ours.
 */
final class Rpc {

  static final String SCHEMA_URL = "https://opentelemetry.io/schemas/1.45.0";

  static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system.name");
  static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
  static final AttributeKey<String> STATUS = AttributeKey.stringKey("rpc.response.status_code");
  static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
  static final AttributeKey<String> SERVER_ADDRESS = AttributeKey.stringKey("server.address");
  static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");

  /** The version of the API, which is a part of the proto package's name: v1, v2beta1. */
  static final AttributeKey<String> API_VERSION = AttributeKey.stringKey("tandem.api.version");

  static final AttributeKey<String> CALLER_CLUSTER =
      AttributeKey.stringKey("tandem.caller.cluster");
  static final AttributeKey<String> SERVER_CLUSTER =
      AttributeKey.stringKey("tandem.server.cluster");

  static final String GRPC = "grpc";
  static final String SERVER_DURATION = "rpc.server.call.duration";
  static final String CLIENT_DURATION = "rpc.client.call.duration";

  /** The rest is the caller's doing: a server that says NOT_FOUND works. */
  private static final Set<Status.Code> SERVER_ERRORS =
      Collections.unmodifiableSet(
          EnumSet.of(UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS));

  /** AIP-185 and buf's PACKAGE_VERSION_SUFFIX: the last part of the package. */
  private static final Pattern VERSION = Pattern.compile("\\.(v[0-9]+[a-z0-9]*)\\.[^.]+$");

  private Rpc() {}

  static boolean isServerError(Status.Code code) {
    return SERVER_ERRORS.contains(code);
  }

  static boolean isClientError(Status.Code code) {
    return code != OK;
  }

  /** The version in a service's full name, "none" where there is none. */
  static String apiVersion(String service) {
    Matcher matcher = VERSION.matcher(service);
    return matcher.find() ? matcher.group(1) : "none";
  }
}

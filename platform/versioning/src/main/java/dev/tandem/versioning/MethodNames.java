package dev.tandem.versioning;

/** Parts of {@code package.Service/Method}. */
final class MethodNames {

  private MethodNames() {}

  /** {@code package}; empty where a service has none. */
  static String packageOf(String fullMethodName) {
    int dot = lastDotOfService(fullMethodName);
    return dot < 0 ? "" : fullMethodName.substring(0, dot);
  }

  /** {@code Service/Method}. */
  static String serviceWithinPackage(String fullMethodName) {
    return fullMethodName.substring(lastDotOfService(fullMethodName) + 1);
  }

  private static int lastDotOfService(String fullMethodName) {
    int slash = fullMethodName.lastIndexOf('/');
    return fullMethodName.lastIndexOf('.', slash < 0 ? fullMethodName.length() : slash);
  }
}

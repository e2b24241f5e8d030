package dev.tandem.resilience;

import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;

/** Which methods may be carried out twice. */
final class IdempotentMethods {

  private IdempotentMethods() {}

  /**
   * Whether the contract says so: {@code option idempotency_level}. Current generators copy it into
   * the method; where an older one made the code, its descriptor still has it.
   */
  static boolean contain(MethodDescriptor<?, ?> method) {
    if (method.isIdempotent() || method.isSafe()) {
      return true;
    }
    return method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier schema
        && switch (schema.getMethodDescriptor().getOptions().getIdempotencyLevel()) {
          case IDEMPOTENT, NO_SIDE_EFFECTS -> true;
          case IDEMPOTENCY_UNKNOWN -> false;
        };
  }
}

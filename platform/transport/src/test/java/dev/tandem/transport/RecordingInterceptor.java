package dev.tandem.transport;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes that a call passed, and in which order. */
abstract class RecordingInterceptor implements ClientInterceptor, Prioritized {

  static final List<String> PASSED = new CopyOnWriteArrayList<>();

  private final String name;
  private final int priority;

  RecordingInterceptor(String name, int priority) {
    this.name = name;
    this.priority = priority;
  }

  @Override
  public int getPriority() {
    return priority;
  }

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    PASSED.add(name);
    return next.newCall(method, options);
  }

  /** Where a retry would be. */
  @GlobalInterceptor
  @Singleton
  static final class Outer extends RecordingInterceptor {
    Outer() {
      super("outer", 9000);
    }
  }

  /** Where the caller's token would be passed on. */
  @GlobalInterceptor
  @Singleton
  static final class Inner extends RecordingInterceptor {
    Inner() {
      super("inner", 6000);
    }
  }
}

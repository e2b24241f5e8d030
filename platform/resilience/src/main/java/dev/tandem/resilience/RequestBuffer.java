package dev.tandem.resilience;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How many bytes of requests are kept for repetitions, all calls together. */
final class RequestBuffer {

  private static final int UNKNOWN = -1;

  private final long limit;
  private final AtomicLong kept = new AtomicLong();

  RequestBuffer(long limit) {
    this.limit = limit;
  }

  /** A request that is kept. */
  final class Kept {
    private final long bytes;

    private Kept(long bytes) {
      this.bytes = bytes;
    }

    /** To be called once. */
    void release() {
      kept.addAndGet(-bytes);
    }
  }

  /** Keeps a request if there is room for it; null when it is too large, or of unknown size. */
  <T> @Nullable Kept keep(MethodDescriptor<T, ?> method, T message, long messageLimit) {
    int bytes = size(method, message);
    if (bytes == UNKNOWN || bytes > messageLimit) {
      return null;
    }
    if (kept.addAndGet(bytes) > limit) {
      kept.addAndGet(-bytes);
      return null;
    }
    return new Kept(bytes);
  }

  long bytes() {
    return kept.get();
  }

  /** Protobuf's stream knows its length without writing anything. */
  private static <T> int size(MethodDescriptor<T, ?> method, T message) {
    try (InputStream stream = method.streamRequest(message)) {
      return stream instanceof KnownLength ? stream.available() : UNKNOWN;
    } catch (IOException e) {
      throw new UncheckedIOException("a request in memory could not be read", e);
    }
  }
}

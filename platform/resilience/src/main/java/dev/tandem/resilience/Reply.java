package dev.tandem.resilience;

import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt was answered, kept until it is known whether there is to be another attempt.
 *
 * @param headers absent when the server sent nothing but trailers
 * @param messages one; fewer or more are the stub's to complain about
 */
record Reply<T>(@Nullable Metadata headers, List<T> messages, Status status, Metadata trailers) {

  Reply {
    messages = List.copyOf(messages);
  }

  static <T> Reply<T> of(Status status, Metadata trailers) {
    return new Reply<>(null, List.of(), status, trailers);
  }
}

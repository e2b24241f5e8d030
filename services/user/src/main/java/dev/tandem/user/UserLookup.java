package dev.tandem.user;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;

/** What came of asking for a user. */
sealed interface UserLookup {

  record Found(UserDirectory.Entry entry) implements UserLookup {}

  sealed interface Failed extends UserLookup {}

  record NoUserId() implements Failed {}

  record UserIdTooLong() implements Failed {}

  record UnknownUser(String userId) implements Failed {}

  static UserLookup find(UserDirectory directory, String userId) {
    if (userId.isEmpty()) {
      return new NoUserId();
    }
    if (!User.isUserId(userId)) {
      return new UserIdTooLong();
    }
    return directory.find(userId).<UserLookup>map(Found::new).orElse(new UnknownUser(userId));
  }

  /** Ends a unary call with what came of its question. */
  static <T> void answer(
      UserDirectory directory, String userId, StreamObserver<T> response, Function<User, T> reply) {
    switch (find(directory, userId)) {
      case Failed failed -> response.onError(statusOf(failed).asRuntimeException());
      case Found(UserDirectory.Entry entry) -> {
        response.onNext(reply.apply(entry.user()));
        response.onCompleted();
      }
    }
  }

  static Status statusOf(Failed failed) {
    return switch (failed) {
      case NoUserId() -> Status.INVALID_ARGUMENT.withDescription("user_id is missing");
      case UserIdTooLong() ->
          Status.INVALID_ARGUMENT.withDescription(
              "user_id is longer than %d bytes".formatted(User.MAX_USER_ID_BYTES));
      case UnknownUser(String userId) ->
          Status.NOT_FOUND.withDescription("no user has the user_id \"%s\"".formatted(userId));
    };
  }
}

package dev.tandem.user;

import io.grpc.Status;

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

package dev.tandem.user;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All users at one moment.
 *
 * @param revision grows with every directory that replaces another
 * @param entries the users by their user_id
 */
record UserDirectory(long revision, Map<String, Entry> entries) {

  static final UserDirectory EMPTY = new UserDirectory(0, Map.of());

  /** A user, and the revision of the first directory that held exactly this state of them. */
  record Entry(User user, long revision) {}

  UserDirectory {
    entries = Map.copyOf(entries);
  }

  Optional<Entry> find(String userId) {
    return Optional.ofNullable(entries.get(userId));
  }

  /** The directory that follows this one: users who did not change keep their revision. */
  UserDirectory replacedBy(Collection<User> users) {
    long next = revision + 1;
    Map<String, Entry> replaced = HashMap.newHashMap(users.size());
    for (User user : users) {
      Entry known = entries.get(user.userId());
      replaced.put(
          user.userId(),
          known != null && known.user().equals(user) ? known : new Entry(user, next));
    }
    return new UserDirectory(next, replaced);
  }
}

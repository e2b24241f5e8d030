package dev.tandem.user;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The directory that is served now. Readers never wait; writers replace it as a whole. */
final class LiveUserDirectory {

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile UserDirectory current;

  LiveUserDirectory(Collection<User> users) {
    current = UserDirectory.EMPTY.replacedBy(users);
  }

  UserDirectory current() {
    return current;
  }

  /** Runs the listener after every change, on the thread that made it. */
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * Serves these users from now on. Nothing happens when they are the ones that are served already.
   */
  synchronized void replace(Collection<User> users) {
    UserDirectory next = current.replacedBy(users);
    if (next.entries().equals(current.entries())) {
      return;
    }
    current = next;
    listeners.forEach(Runnable::run);
  }
}

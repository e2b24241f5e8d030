package dev.tandem.user;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * One caller who watches one user. A state, not a log: while the caller does not keep up nothing is
 * queued, and when there is room again only the newest state is sent.
 *
 * @param <T> the message of the contract's version that the caller speaks
 */
final class UserWatch<T> {

  private static final long NOTHING = -1;

  private final LiveUserDirectory directory;
  private final String userId;
  private final ServerCallStreamObserver<T> caller;
  private final Function<UserDirectory.Entry, T> message;

  /**
   * The directory's thread, the heartbeat and gRPC all send; a stream takes one message at a time.
   */
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private long sentRevision = NOTHING;

  @GuardedBy("lock")
  private boolean owesAMessage;

  @GuardedBy("lock")
  private boolean ended;

  UserWatch(
      LiveUserDirectory directory,
      String userId,
      ServerCallStreamObserver<T> caller,
      Function<UserDirectory.Entry, T> message) {
    this.directory = directory;
    this.userId = userId;
    this.caller = caller;
    this.message = message;
  }

  /** Sends the state if it is not the one that was sent last. */
  void directoryChanged() {
    send(false);
  }

  /** Sends the state, changed or not. */
  void beat() {
    send(true);
  }

  /** Sends what was held back while the caller did not keep up. */
  void callerIsReady() {
    lock.lock();
    try {
      if (owesAMessage) {
        send(true);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the watch because the server goes away: with OK when the caller has the state, so that to
   * move is no failure. A caller who has nothing yet must ask again, and whoever retries calls for
   * it has to see that.
   */
  void moveOn() {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      if (sentRevision == NOTHING) {
        end(
            Status.UNAVAILABLE.withDescription(
                "this server is going away: watch again to reach another"));
      } else {
        ended = true;
        caller.onCompleted();
      }
    } finally {
      lock.unlock();
    }
  }

  void end(Status status) {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        caller.onError(status.asRuntimeException());
      }
    } finally {
      lock.unlock();
    }
  }

  void callerIsGone() {
    lock.lock();
    try {
      ended = true;
    } finally {
      lock.unlock();
    }
  }

  private void send(boolean evenUnchanged) {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      switch (UserLookup.find(directory.current(), userId)) {
        case UserLookup.Failed failed -> end(UserLookup.statusOf(failed));
        case UserLookup.Found(UserDirectory.Entry entry) -> {
          if (evenUnchanged || entry.revision() != sentRevision) {
            send(entry);
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void send(UserDirectory.Entry entry) {
    owesAMessage = !caller.isReady();
    if (owesAMessage) {
      return;
    }
    sentRevision = entry.revision();
    caller.onNext(message.apply(entry));
  }
}

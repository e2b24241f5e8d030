package dev.tandem.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.user.v1.WatchUserResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UserWatchesTest {

  private static final User ADA = new User("ada", "Ada Lovelace", 36, "");
  private static final User ADA_OLDER = new User("ada", "Ada Lovelace", 37, "");
  private static final User GRACE = new User("grace", "Grace Hopper", 85, "");

  private final LiveUserDirectory directory = new LiveUserDirectory(List.of(ADA));
  private final UserWatches watches = new UserWatches(directory, new Settings());
  private final Caller caller = new Caller();

  @AfterEach
  void stop() {
    watches.stop();
  }

  @Test
  void sendsTheStateAtOnce() {
    watch("ada", caller);

    assertThat(caller.ages()).containsExactly(36);
  }

  @Test
  void sendsEachChangeWithAGreaterRevision() {
    watch("ada", caller);

    directory.replace(List.of(ADA_OLDER));

    assertThat(caller.ages()).containsExactly(36, 37);
    assertThat(caller.received.get(1).getRevision())
        .isGreaterThan(caller.received.get(0).getRevision());
  }

  @Test
  void repeatsTheStateUnchangedOnAHeartbeat() {
    watch("ada", caller);

    watches.beat();

    assertThat(caller.received).hasSize(2);
    assertThat(caller.received.get(1)).isEqualTo(caller.received.get(0));
  }

  @Test
  void staysQuietWhenAnotherUserChanges() {
    watch("ada", caller);

    directory.replace(List.of(ADA, GRACE));

    assertThat(caller.received).hasSize(1);
  }

  @Test
  void sendsASlowCallerOnlyTheNewestState() {
    watch("ada", caller);
    caller.ready = false;
    directory.replace(List.of(ADA_OLDER));
    watches.beat();
    directory.replace(List.of(new User("ada", "Ada Lovelace", 38, "")));

    caller.becomesReady();

    assertThat(caller.ages()).containsExactly(36, 38);
  }

  @Test
  void sendsNothingExtraWhenACallerWhoKeptUpIsReadyAgain() {
    watch("ada", caller);

    caller.becomesReady();

    assertThat(caller.received).hasSize(1);
  }

  @Test
  void endsWithNotFoundWhenTheUserIsRemoved() {
    watch("ada", caller);

    directory.replace(List.of(GRACE));

    assertThat(caller.status().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(watches.size()).isZero();
  }

  @Test
  void refusesAnUnknownUserAndForgetsTheCaller() {
    watch("nobody", caller);

    assertThat(caller.status().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(watches.size()).isZero();
  }

  @Test
  void forgetsACallerWhoCancels() {
    watch("ada", caller);

    caller.cancels();
    directory.replace(List.of(ADA_OLDER));
    watches.beat();

    assertThat(watches.size()).isZero();
    assertThat(caller.received).hasSize(1);
  }

  @Test
  void endsWithOkWhenTheServerGoes() {
    watch("ada", caller);

    watches.endStreams();

    assertThat(caller.completed).isTrue();
    assertThat(watches.size()).isZero();
  }

  @Test
  void answersOnceWhoComesWhileTheServerGoes() {
    watches.endStreams();

    watch("ada", caller);

    assertThat(caller.ages()).containsExactly(36);
    assertThat(caller.completed).isTrue();
    assertThat(watches.size()).isZero();
  }

  @Test
  void refusesWhoCouldNotBeAnsweredBeforeTheServerGoes() {
    caller.ready = false;
    watch("ada", caller);

    watches.endStreams();

    assertThat(caller.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(watches.size()).isZero();
  }

  @Test
  void keepsOthersBeatingWhenOneStreamBreaks() {
    Caller broken = new Caller();
    watch("ada", broken);
    watch("ada", caller);
    broken.breaks = true;

    watches.beat();

    assertThat(caller.received).hasSize(2);
    assertThat(watches.size()).isEqualTo(1);
  }

  private void watch(String userId, Caller by) {
    watches.add(userId, by, UserGrpcService::state);
  }

  private record Settings() implements UserSettings {
    @Override
    public Optional<Path> directory() {
      return Optional.empty();
    }

    @Override
    public Duration heartbeat() {
      return Duration.ofDays(1);
    }

    @Override
    public String newestVersion() {
      return V2;
    }
  }

  /** A caller in memory who keeps what arrives, and is as ready as the test says. */
  private static final class Caller extends ServerCallStreamObserver<WatchUserResponse> {

    private final List<WatchUserResponse> received = new ArrayList<>();
    private boolean ready = true;
    private boolean breaks;
    private boolean completed;
    private @Nullable Throwable error;
    private Runnable onReady = () -> {};
    private Runnable onCancel = () -> {};
    private Runnable onClose = () -> {};

    List<Integer> ages() {
      return received.stream().map(WatchUserResponse::getAge).toList();
    }

    Status status() {
      assertThat(error).isInstanceOf(StatusRuntimeException.class);
      return Status.fromThrowable(error);
    }

    void becomesReady() {
      ready = true;
      onReady.run();
    }

    void cancels() {
      onCancel.run();
    }

    @Override
    public void onNext(WatchUserResponse message) {
      if (breaks) {
        throw new IllegalStateException("broken");
      }
      assertThat(error).as("nothing follows the end").isNull();
      assertThat(completed).as("nothing follows the end").isFalse();
      received.add(message);
    }

    @Override
    public void onError(Throwable end) {
      assertThat(error).as("a stream ends once").isNull();
      error = end;
      onClose.run();
    }

    @Override
    public void onCompleted() {
      assertThat(error).as("a stream ends once").isNull();
      assertThat(completed).as("a stream ends once").isFalse();
      completed = true;
      onClose.run();
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
      onReady = handler;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {
      onCancel = handler;
    }

    @Override
    public void setOnCloseHandler(Runnable handler) {
      onClose = handler;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void setCompression(String compression) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}
  }
}

package dev.tandem.resilience;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.user.v1.UserServiceGrpc;
import dev.tandem.user.v1.WatchUserRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DeadlineTest {

  private static final Duration DEFAULT = Duration.ofSeconds(5);
  private static final long RESERVE = 50;

  private static final Policies POLICIES = Fast.policies(DEFAULT, Fast.RETRY, Fast.NO_BREAKER);

  private static UserServer answering() throws Exception {
    return new UserServer((number, request, response) -> UserServer.answerAda(request, response));
  }

  private static long millis(Optional<Deadline> deadline) {
    return deadline.orElseThrow().timeRemaining(MILLISECONDS);
  }

  @Test
  void aCallThatHasNoDeadlineGetsTheDefaultOne() throws Exception {
    try (UserServer server = answering();
        Client client = Client.of(server, POLICIES)) {
      client.name();

      assertThat(millis(server.nextDeadline())).isPositive().isLessThanOrEqualTo(5000);
    }
  }

  @Test
  void aCallKeepsItsOwnDeadlineShorterOrLonger() throws Exception {
    try (UserServer server = answering();
        Client client = Client.of(server, POLICIES)) {
      client.users().withDeadlineAfter(2, SECONDS).getUser(Client.ada());
      assertThat(millis(server.nextDeadline())).isPositive().isLessThanOrEqualTo(2000);

      client.users().withDeadlineAfter(1, HOURS).getUser(Client.ada());
      assertThat(millis(server.nextDeadline())).isGreaterThan(5000);
    }
  }

  @Test
  void shrinksAlongTheChainAndLeavesTimeForTheWayBack() throws Exception {
    SentDeadline sent = new SentDeadline();
    try (UserServer last = answering();
        Client toLast = Client.of(last, POLICIES, sent);
        UserServer middle = forwarding(toLast, Runnable::run);
        Client toMiddle = Client.of(middle, POLICIES)) {
      toMiddle.users().withDeadlineAfter(3, SECONDS).getUser(Client.ada());

      Deadline received = middle.nextDeadline().orElseThrow();
      assertThat(sent.deadline.get()).isEqualTo(received.offset(-RESERVE, MILLISECONDS));
    }
  }

  @Test
  void survivesTheHopToAVirtualThread() throws Exception {
    try (ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      assertSurvives(virtual);
    }
  }

  @Test
  void survivesTheHopToAWorkerThread() throws Exception {
    try (ExecutorService workers = Executors.newFixedThreadPool(1)) {
      assertSurvives(workers);
    }
  }

  private static void assertSurvives(Executor executor) throws Exception {
    try (UserServer last = answering();
        Client toLast = Client.of(last, POLICIES);
        UserServer middle = forwarding(toLast, executor);
        Client toMiddle = Client.of(middle, POLICIES)) {
      toMiddle.users().withDeadlineAfter(3, SECONDS).getUser(Client.ada());

      assertThat(millis(last.nextDeadline())).isPositive().isLessThanOrEqualTo(3000 - RESERVE);
    }
  }

  @Test
  void anIncomingCallThatIsOverMakesNoFurtherCalls() throws Exception {
    try (UserServer last = answering();
        Client toLast = Client.of(last, POLICIES);
        UserServer middle = forwarding(toLast, Runnable::run);
        Client toMiddle = Client.of(middle, POLICIES)) {
      // Less than the reserve.
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(
              () ->
                  toMiddle
                      .users()
                      .withDeadlineAfter(RESERVE - 10, MILLISECONDS)
                      .getUser(Client.ada()));

      assertThat(last.calls()).isZero();
    }
  }

  @Test
  void aServerGivesACallWithoutOneTheDefaultDeadline() throws Exception {
    try (UserServer server =
            new UserServer(
                (number, request, response) -> UserServer.answerAda(request, response),
                new DeadlineServerInterceptor(DEFAULT));
        Bare bare = new Bare(server)) {
      assertThat(bare.users().getUser(Client.ada()).getName()).isEqualTo("Ada Lovelace");

      assertThat(millis(server.nextDeadline())).isPositive().isLessThanOrEqualTo(5000);
    }
  }

  @Test
  void aServerLeavesADeadlineThatACallBringsAsItIs() throws Exception {
    try (UserServer server =
            new UserServer(
                (number, request, response) -> UserServer.answerAda(request, response),
                new DeadlineServerInterceptor(DEFAULT));
        Bare bare = new Bare(server)) {
      bare.users().withDeadlineAfter(60, SECONDS).getUser(Client.ada());

      assertThat(millis(server.nextDeadline())).isGreaterThan(5000);
    }
  }

  @Test
  void aServerAnswersWhenTheDefaultDeadlineIsOver() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    try (UserServer server =
            new UserServer(
                (number, request, response) ->
                    Context.current().addListener(context -> cancelled.countDown(), Runnable::run),
                new DeadlineServerInterceptor(Duration.ofMillis(100)));
        Bare bare = new Bare(server)) {
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> bare.users().getUser(Client.ada()))
          .satisfies(
              error -> {
                assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
                assertThat(error.getStatus().getDescription())
                    .isEqualTo(
                        "the call came without a deadline, and took longer than the server's 100 ms");
              });
      assertThat(cancelled.await(10, SECONDS)).isTrue();
    }
  }

  @Test
  void anAnswerThatComesTooLateIsDropped() throws Exception {
    CompletableFuture<String> late = new CompletableFuture<>();
    try (UserServer server =
            new UserServer(
                (number, request, response) ->
                    Context.current()
                        .addListener(
                            context -> {
                              try {
                                UserServer.answerAda(request, response);
                                late.complete("dropped");
                              } catch (RuntimeException e) {
                                late.completeExceptionally(e);
                              }
                            },
                            Runnable::run),
                new DeadlineServerInterceptor(Duration.ofMillis(100)));
        Bare bare = new Bare(server)) {
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> bare.users().getUser(Client.ada()));

      assertThat(late.handle((value, error) -> true).get(10, SECONDS)).isTrue();
      assertThat(bare.channel.isShutdown()).isFalse();
    }
  }

  @Test
  void aStreamHasNoDefaultDeadline() throws Exception {
    try (UserServer server =
            new UserServer(
                (number, request, response) -> {}, new DeadlineServerInterceptor(DEFAULT));
        Client client = Client.of(server, POLICIES)) {
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> client.users().watchUser(WatchUserRequest.getDefaultInstance()).next());

      assertThat(server.nextDeadline()).isEmpty();
    }
  }

  /** A server that asks another one, on a thread of the executor. */
  private static UserServer forwarding(Client next, Executor executor) throws Exception {
    return new UserServer(
        (number, request, response) ->
            Context.currentContextExecutor(executor)
                .execute(
                    () -> {
                      try {
                        response.onNext(next.users().getUser(request));
                        response.onCompleted();
                      } catch (StatusRuntimeException e) {
                        response.onError(e);
                      }
                    }));
  }

  /** The deadline with which an attempt is made. */
  private static final class SentDeadline implements ClientInterceptor {
    private final AtomicReference<Deadline> deadline = new AtomicReference<>();

    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
        MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
      deadline.set(options.getDeadline());
      return next.newCall(method, options);
    }
  }

  /** A caller that does not have the library. */
  private static final class Bare implements AutoCloseable {
    private final ManagedChannel channel;

    private Bare(UserServer server) {
      channel =
          Grpc.newChannelBuilderForAddress(
                  "127.0.0.1", server.port(), InsecureChannelCredentials.create())
              .build();
    }

    private UserServiceGrpc.UserServiceBlockingStub users() {
      return UserServiceGrpc.newBlockingStub(channel);
    }

    @Override
    public void close() {
      channel.shutdownNow();
    }
  }
}

package dev.tandem.resilience;

import static java.time.Duration.ofMinutes;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.GetUserResponse;
import dev.tandem.user.v1.UserServiceGrpc;
import dev.tandem.user.v1.WatchUserRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call that never ends would otherwise keep the build waiting. */
@Timeout(60)
class RetryTest {

  private static final Metadata.Key<String> ANSWER =
      Metadata.Key.of("answer", Metadata.ASCII_STRING_MARSHALLER);

  /** So long that a test which waited for it would never end. */
  private static final RetryPolicy LONG_PAUSE =
      Fast.retry(3, ofMinutes(10), Optional.empty(), BudgetPolicy.STANDARD);

  private static void fail(Status status, StreamObserver<GetUserResponse> response) {
    response.onError(status.asRuntimeException());
  }

  /** Fails the first calls, then answers. */
  private static UserServer.Behaviour failing(int calls, Status status) {
    return (number, request, response) -> {
      if (number <= calls) {
        fail(status, response);
      } else {
        UserServer.answerAda(request, response);
      }
    };
  }

  @Test
  void repeatsAnIdempotentCallUntilItSucceeds() throws Exception {
    try (UserServer server = new UserServer(failing(3, Status.UNAVAILABLE));
        Client client = Client.of(server, Fast.policies())) {
      assertThat(client.name()).isEqualTo("Ada Lovelace");
      assertThat(server.calls()).isEqualTo(4);
    }
  }

  @Test
  void tellsTheServerHowManyAttemptsWentBefore() throws Exception {
    try (UserServer server = new UserServer(failing(2, Status.UNAVAILABLE));
        Client client = Client.of(server, Fast.policies())) {
      client.name();

      assertThat(server.received(GuardedCall.PREVIOUS_ATTEMPTS)).containsExactly(null, "1", "2");
    }
  }

  @Test
  void givesUpAfterThreeRepetitions() throws Exception {
    try (UserServer server = new UserServer(failing(100, Status.UNAVAILABLE));
        Client client = Client.of(server, Fast.policies())) {
      assertThat(client.code()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(server.calls()).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"OK", "UNAVAILABLE", "DEADLINE_EXCEEDED"})
  void doesNotRepeatWhatWouldFailAgain(Status.Code code) throws Exception {
    try (UserServer server = new UserServer(failing(1, code.toStatus()));
        Client client = Client.of(server, Fast.policies())) {
      assertThat(client.code()).isEqualTo(code);
      assertThat(server.calls()).isEqualTo(1);
    }
  }

  @Test
  void doesNotRepeatAMethodThatTheContractDoesNotCallIdempotent() throws Exception {
    MethodDescriptor<GetUserRequest, GetUserResponse> undeclared =
        UserServiceGrpc.getGetUserMethod().toBuilder()
            .setSchemaDescriptor(null)
            .setSafe(false)
            .setIdempotent(false)
            .build();
    try (UserServer server = new UserServer(failing(1, Status.UNAVAILABLE));
        Client client = Client.of(server, Fast.policies())) {
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(
              () ->
                  ClientCalls.blockingUnaryCall(
                      client.channel(), undeclared, CallOptions.DEFAULT, Client.ada()));
      assertThat(server.calls()).isEqualTo(1);
    }
  }

  @Test
  void leavesStreamsAlone() throws Exception {
    try (UserServer server = new UserServer(failing(0, Status.OK));
        Client client = Client.of(server, Fast.policies())) {
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> client.users().watchUser(WatchUserRequest.getDefaultInstance()).next());
      assertThat(server.watches()).isEqualTo(1);
      assertThat(server.nextDeadline()).isEmpty();
    }
  }

  @Test
  void givesTheLastAttemptsHeadersAndTrailersOn() throws Exception {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    try (UserServer server = new UserServer(failing(1, Status.UNAVAILABLE), new NumberedAnswers());
        Client client = Client.of(server, Fast.policies())) {
      client
          .users()
          .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
          .getUser(Client.ada());

      assertThat(Objects.requireNonNull(headers.get()).getAll(ANSWER)).containsExactly("2");
      assertThat(Objects.requireNonNull(trailers.get()).getAll(ANSWER)).containsExactly("2");
    }
  }

  @Test
  void givesTheLastAttemptsErrorOn() throws Exception {
    try (UserServer server =
            new UserServer(
                (number, request, response) ->
                    fail(Status.UNAVAILABLE.withDescription("attempt " + number), response),
                new NumberedAnswers());
        Client client = Client.of(server, Fast.policies())) {
      StatusRuntimeException failure = client.failure();

      assertThat(failure.getStatus().getDescription()).isEqualTo("attempt 4");
      assertThat(Objects.requireNonNull(failure.getTrailers()).get(ANSWER)).isEqualTo("4");
    }
  }

  @Test
  void sendsARequestThatIsTooLargeToKeepOnce() throws Exception {
    GetUserRequest large = GetUserRequest.newBuilder().setUserId("u".repeat(1 << 20)).build();
    try (UserServer server = new UserServer(failing(1, Status.UNAVAILABLE));
        Client client = Client.of(server, Fast.policies())) {
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> client.users().getUser(large));
      assertThat(server.calls()).isEqualTo(1);
    }
  }

  @Test
  void keepsNoRequestWhenTheCallIsOver() throws Exception {
    try (UserServer server = new UserServer(failing(1, Status.UNAVAILABLE));
        Client client = Client.of(server, Fast.policies())) {
      client.name();

      assertThat(client.resilience().buffer().bytes()).isZero();
    }
  }

  @Test
  void endsAnAttemptThatHangsAndMakesAnother() throws Exception {
    RetryPolicy impatient =
        Fast.retry(
            3, Duration.ofMillis(5), Optional.of(Duration.ofMillis(200)), BudgetPolicy.STANDARD);
    try (UserServer server =
            new UserServer(
                (number, request, response) -> {
                  if (number > 1) {
                    UserServer.answerAda(request, response);
                  }
                });
        Client client = Client.of(server, Fast.policies(impatient, Fast.NO_BREAKER))) {
      assertThat(client.name()).isEqualTo("Ada Lovelace");
      assertThat(server.calls()).isEqualTo(2);
    }
  }

  @Test
  void doesNotWaitForAServerThatAsksForMoreTimeThanThereIs() throws Exception {
    try (UserServer server =
            new UserServer(
                (number, request, response) -> {
                  Metadata trailers = new Metadata();
                  RetryAdvice.put(ofMinutes(1), Status.UNAVAILABLE, trailers);
                  response.onError(Status.UNAVAILABLE.asRuntimeException(trailers));
                });
        Client client = Client.of(server, Fast.policies())) {
      assertThat(client.code()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(server.calls()).isEqualTo(1);
    }
  }

  @Test
  void repeatsWhatAQuotaRefusedWhenTheServerSaysWhen() throws Exception {
    try (UserServer server =
            new UserServer(
                (number, request, response) -> {
                  if (number > 1) {
                    UserServer.answerAda(request, response);
                    return;
                  }
                  Metadata trailers = new Metadata();
                  RetryAdvice.put(Duration.ofMillis(1), Status.RESOURCE_EXHAUSTED, trailers);
                  response.onError(Status.RESOURCE_EXHAUSTED.asRuntimeException(trailers));
                });
        Client client = Client.of(server, Fast.policies())) {
      assertThat(client.name()).isEqualTo("Ada Lovelace");
    }
  }

  @Test
  void endsAtOnceWhenItIsCancelledBetweenAttempts() throws Exception {
    try (UserServer server = new UserServer(failing(100, Status.UNAVAILABLE));
        Client client =
            Client.of(server, Fast.policies(ofMinutes(60), LONG_PAUSE, Fast.NO_BREAKER))) {
      CountDownLatch pausing = whenRetried(client, 1);
      Future<GetUserResponse> call =
          UserServiceGrpc.newFutureStub(client.channel()).getUser(Client.ada());
      assertThat(pausing.await(10, SECONDS)).isTrue();

      call.cancel(true);

      await().until(() -> client.resilience().buffer().bytes() == 0);
      assertThat(server.calls()).isEqualTo(1);
    }
  }

  @Test
  void endsAtOnceWhenTheCallersCallIsCancelledBetweenAttempts() throws Exception {
    CancellableContext incoming = Context.current().withCancellation();
    try (UserServer server = new UserServer(failing(100, Status.UNAVAILABLE));
        Client client =
            Client.of(server, Fast.policies(ofMinutes(60), LONG_PAUSE, Fast.NO_BREAKER))) {
      CountDownLatch pausing = whenRetried(client, 1);
      Future<GetUserResponse> call =
          incoming.call(
              () -> UserServiceGrpc.newFutureStub(client.channel()).getUser(Client.ada()));
      assertThat(pausing.await(10, SECONDS)).isTrue();

      incoming.cancel(new IllegalStateException("the caller is gone"));

      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> call.get(10, SECONDS))
          .satisfies(
              error ->
                  assertThat(Status.fromThrowable(error).getCode())
                      .isEqualTo(Status.Code.CANCELLED));
      assertThat(server.calls()).isEqualTo(1);
    } finally {
      incoming.cancel(null);
    }
  }

  @Test
  void cancelsTheAttemptThatIsOnItsWay() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    CountDownLatch arrived = new CountDownLatch(1);
    try (UserServer server =
            new UserServer(
                (number, request, response) -> {
                  Context.current().addListener(context -> cancelled.countDown(), Runnable::run);
                  arrived.countDown();
                });
        Client client = Client.of(server, Fast.policies())) {
      Future<GetUserResponse> call =
          UserServiceGrpc.newFutureStub(client.channel()).getUser(Client.ada());
      assertThat(arrived.await(10, SECONDS)).isTrue();

      call.cancel(true);

      assertThat(cancelled.await(10, SECONDS)).isTrue();
    }
  }

  @Test
  void waitsWithoutAThreadForEachCall() throws Exception {
    int calls = 500;
    RetryPolicy generous =
        Fast.retry(3, ofMinutes(10), Optional.empty(), new BudgetPolicy(1, 1000));
    try (UserServer server = new UserServer(failing(calls * 10, Status.UNAVAILABLE));
        Client client =
            Client.of(server, Fast.policies(ofMinutes(60), generous, Fast.NO_BREAKER))) {
      CountDownLatch pausing = whenRetried(client, calls);

      for (int i = 0; i < calls; i++) {
        client.async().getUser(Client.ada(), new Ignoring());
      }

      assertThat(pausing.await(30, SECONDS)).isTrue();
      assertThat(Thread.getAllStackTraces()).hasSizeLessThan(calls / 2);
    }
  }

  @Test
  void wakesABlockingCallerWhoseAttemptsAreAnsweredAtOnce() throws Exception {
    try (UserServer server = new UserServer(failing(0, Status.OK));
        Client client = Client.of(server, Fast.policies(), new AnsweringAtOnce())) {
      assertThat(client.code()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(server.calls()).isZero();
    }
  }

  @Test
  void tellsWhoCannotTakeAReplyThatTheCallIsOver() throws Exception {
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    try (UserServer server = new UserServer(failing(0, Status.OK));
        Client client = Client.of(server, Fast.policies())) {
      client
          .async()
          .getUser(
              Client.ada(),
              new Ignoring() {
                @Override
                public void onNext(GetUserResponse value) {
                  throw new IllegalStateException("cannot take it");
                }

                @Override
                public void onError(Throwable error) {
                  told.complete(error);
                }
              });

      assertThat(Status.fromThrowable(told.get(10, SECONDS)).getCode())
          .isEqualTo(Status.Code.CANCELLED);
    }
  }

  @Test
  void givesTheLastAnswerWhenThisProcessIsAboutToEnd() throws Exception {
    try (UserServer server = new UserServer(failing(100, Status.UNAVAILABLE));
        Client client = Client.of(server, Fast.policies())) {
      client.resilience().stop();

      assertThat(client.code()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(server.calls()).isEqualTo(1);
    }
  }

  @Test
  void makesTheAttemptThatItPausesForAlthoughThisProcessIsAboutToEnd() throws Exception {
    RetryPolicy noticeable =
        Fast.retry(3, Duration.ofMillis(500), Optional.empty(), BudgetPolicy.STANDARD);
    try (UserServer server = new UserServer(failing(1, Status.UNAVAILABLE));
        Client client = Client.of(server, Fast.policies(noticeable, Fast.NO_BREAKER))) {
      CountDownLatch pausing = whenRetried(client, 1);
      Future<GetUserResponse> call =
          UserServiceGrpc.newFutureStub(client.channel()).getUser(Client.ada());
      assertThat(pausing.await(10, SECONDS)).isTrue();
      await().until(client.resilience()::hasPauses);

      client.resilience().stop();

      assertThat(call.get(10, SECONDS).getName()).isEqualTo("Ada Lovelace");
    }
  }

  @Test
  void runsAttemptsInTheCallersContext() throws Exception {
    Context.Key<String> key = Context.key("who");
    CompletableFuture<String> seen = new CompletableFuture<>();
    try (UserServer server = new UserServer(failing(1, Status.UNAVAILABLE));
        Client client = Client.of(server, Fast.policies())) {
      Context.current()
          .withValue(key, "ada")
          .run(
              () ->
                  client
                      .async()
                      .getUser(
                          Client.ada(),
                          new Ignoring() {
                            @Override
                            public void onCompleted() {
                              seen.complete(String.valueOf(key.get()));
                            }
                          }));

      assertThat(seen.get(10, SECONDS)).isEqualTo("ada");
    }
  }

  private static CountDownLatch whenRetried(Client client, int times) {
    CountDownLatch latch = new CountDownLatch(times);
    client
        .resilience()
        .addListener(
            new ResilienceListener() {
              @Override
              public void retried(String service) {
                latch.countDown();
              }
            });
    return latch;
  }

  private static class Ignoring implements StreamObserver<GetUserResponse> {
    @Override
    public void onNext(GetUserResponse value) {}

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }

  /** Answers before anybody can have begun to wait. */
  private static final class AnsweringAtOnce implements ClientInterceptor {
    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
        MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<RespT> listener, Metadata headers) {
          super.start(new Listener<RespT>() {}, headers);
          listener.onClose(Status.UNAVAILABLE, new Metadata());
          cancel("answered", null);
        }

        @Override
        public void sendMessage(ReqT message) {}

        @Override
        public void halfClose() {}
      };
    }
  }

  /** Numbers the server's answers, in headers and trailers. */
  private static final class NumberedAnswers implements ServerInterceptor {
    private final AtomicInteger answers = new AtomicInteger();

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata request, ServerCallHandler<ReqT, RespT> next) {
      String number = Integer.toString(answers.incrementAndGet());
      return next.startCall(
          new SimpleForwardingServerCall<>(call) {
            @Override
            public void sendHeaders(Metadata headers) {
              headers.put(ANSWER, number);
              super.sendHeaders(headers);
            }

            @Override
            public void close(Status status, Metadata trailers) {
              trailers.put(ANSWER, number);
              super.close(status, trailers);
            }
          },
          request);
    }
  }
}

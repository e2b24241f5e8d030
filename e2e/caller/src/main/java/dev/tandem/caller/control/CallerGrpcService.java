package dev.tandem.caller.control;

import com.google.protobuf.util.Timestamps;
import dev.tandem.caller.calls.CallResult;
import dev.tandem.caller.calls.Caller;
import dev.tandem.caller.calls.Connections;
import dev.tandem.caller.calls.ServedBy;
import dev.tandem.caller.calls.Target;
import dev.tandem.caller.calls.Ticker;
import dev.tandem.caller.load.Load;
import dev.tandem.caller.load.LoadPlan;
import dev.tandem.caller.probe.Finding;
import dev.tandem.caller.probe.Prober;
import dev.tandem.caller.token.Credential;
import dev.tandem.caller.token.TokenSigner;
import dev.tandem.e2e.v1.CallRequest;
import dev.tandem.e2e.v1.CallResponse;
import dev.tandem.e2e.v1.CallerServiceGrpc.CallerServiceImplBase;
import dev.tandem.e2e.v1.LoadFinished;
import dev.tandem.e2e.v1.LoadStarted;
import dev.tandem.e2e.v1.ProbeRequest;
import dev.tandem.e2e.v1.ProbeResponse;
import dev.tandem.e2e.v1.RunLoadRequest;
import dev.tandem.e2e.v1.RunLoadResponse;
import dev.tandem.e2e.v1.StopLoadRequest;
import dev.tandem.e2e.v1.StopLoadResponse;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/** The control API. Its methods block: the server gives each call a virtual thread. */
final class CallerGrpcService extends CallerServiceImplBase {
  private final ServedBy self;
  private final Optional<TokenSigner> signer;
  private final Credential own;
  private final Clock clock;
  private final Ticker ticker;
  private final ScheduledExecutorService timer;
  private final Prober prober;
  private final ConcurrentMap<String, Load> running = new ConcurrentHashMap<>();

  CallerGrpcService(
      ServedBy self,
      Optional<TokenSigner> signer,
      Clock clock,
      Ticker ticker,
      ScheduledExecutorService timer) {
    this.self = self;
    this.signer = signer;
    this.own = signer.map(TokenSigner::own).orElse(Credential.NONE);
    this.clock = clock;
    this.ticker = ticker;
    this.timer = timer;
    this.prober = new Prober(ticker);
  }

  /** Starts no further call of any load; their ledgers end when the calls in flight have ended. */
  void stopLoads() {
    running.values().forEach(Load::stop);
  }

  @Override
  public void runLoad(RunLoadRequest request, StreamObserver<RunLoadResponse> observer) {
    ServerCallStreamObserver<RunLoadResponse> reader =
        (ServerCallStreamObserver<RunLoadResponse>) observer;
    LoadPlan plan;
    try {
      plan = Messages.plan(request);
    } catch (IllegalArgumentException e) {
      observer.onError(refusal(e));
      return;
    }
    LedgerWriter writer = new LedgerWriter(reader);
    Load load = new Load(plan, own, ticker, timer, writer::add);
    reader.setOnCancelHandler(
        () -> {
          load.abandon();
          writer.cancelled();
        });
    if (running.putIfAbsent(plan.id(), load) != null) {
      load.abandon();
      observer.onError(
          Status.ALREADY_EXISTS
              .withDescription("a load named '%s' is running".formatted(plan.id()))
              .asRuntimeException());
      return;
    }
    // The handlers above run only once this method has returned.
    Thread.ofVirtual().name("load-" + plan.id()).start(() -> run(plan, load, writer, reader));
  }

  private void run(
      LoadPlan plan,
      Load load,
      LedgerWriter writer,
      ServerCallStreamObserver<RunLoadResponse> reader) {
    try {
      writer.send(
          RunLoadResponse.newBuilder()
              .setStarted(
                  LoadStarted.newBuilder()
                      .setStartTime(Timestamps.fromMillis(clock.millis()))
                      .setCaller(Messages.server(self)))
              .build());
      Load.Totals totals = runAndWrite(load, writer);
      running.remove(plan.id(), load);
      writer.send(
          RunLoadResponse.newBuilder()
              .setFinished(
                  LoadFinished.newBuilder()
                      .setCalls(totals.calls())
                      .setElapsed(Messages.duration(totals.elapsed())))
              .build());
      reader.onCompleted();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reader.onError(
          Status.UNAVAILABLE.withDescription("the caller is going away").asRuntimeException());
    } catch (ExecutionException | RuntimeException e) {
      if (!reader.isCancelled()) {
        reader.onError(
            Status.INTERNAL
                .withDescription("the load broke: " + e)
                .withCause(e)
                .asRuntimeException());
      }
    } finally {
      load.abandon();
      running.remove(plan.id(), load);
    }
  }

  private static Load.Totals runAndWrite(Load load, LedgerWriter writer)
      throws InterruptedException, ExecutionException {
    Callable<Load.Totals> calls =
        () -> {
          try {
            return load.run();
          } finally {
            writer.complete();
          }
        };
    FutureTask<Load.Totals> totals = new FutureTask<>(calls);
    Thread.ofVirtual().name("load-calls").start(totals);
    writer.write();
    return totals.get();
  }

  @Override
  public void stopLoad(StopLoadRequest request, StreamObserver<StopLoadResponse> observer) {
    Load load = running.get(request.getLoadId());
    if (load == null) {
      observer.onError(
          Status.NOT_FOUND
              .withDescription("no load named '%s' is running".formatted(request.getLoadId()))
              .asRuntimeException());
      return;
    }
    load.stop();
    answer(observer, StopLoadResponse::getDefaultInstance);
  }

  @Override
  public void call(CallRequest request, StreamObserver<CallResponse> observer) {
    answer(
        observer,
        () -> {
          Caller caller =
              new Caller(
                  Messages.work(request.getWork()),
                  Messages.duration(request.getDeadline()),
                  true,
                  ticker,
                  timer);
          Credential credential =
              request.hasCredential() ? Messages.credential(request.getCredential(), signer) : own;
          try (Connections connections =
              Connections.to(Target.parse(request.getTarget()), 1, credential)) {
            Channel channel =
                ClientInterceptors.intercept(
                    connections.forCall(0),
                    MetadataUtils.newAttachHeadersInterceptor(
                        Messages.metadata(request.getMetadataMap())));
            CallResult result = caller.call(channel);
            return CallResponse.newBuilder()
                .setCall(Messages.record(result))
                .putAllMetadata(text(result.metadata()))
                .setCaller(Messages.server(self))
                .build();
          }
        });
  }

  @Override
  public void probe(ProbeRequest request, StreamObserver<ProbeResponse> observer) {
    answer(
        observer,
        () -> {
          Finding finding = prober.knock(Messages.probe(request));
          return ProbeResponse.newBuilder()
              .setOutcome(Messages.outcome(finding.outcome()))
              .setDetail(finding.detail())
              .setElapsed(Messages.duration(finding.elapsed()))
              .setCaller(Messages.server(self))
              .build();
        });
  }

  private static Map<String, String> text(Metadata metadata) {
    Map<String, String> text = new TreeMap<>();
    for (String key : metadata.keys()) {
      if (!key.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        String value = metadata.get(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER));
        text.put(key, value == null ? "" : value);
      }
    }
    return text;
  }

  private static <T> void answer(StreamObserver<T> observer, Supplier<T> reply) {
    T response;
    try {
      response = reply.get();
    } catch (IllegalArgumentException e) {
      observer.onError(refusal(e));
      return;
    }
    observer.onNext(response);
    observer.onCompleted();
  }

  private static RuntimeException refusal(IllegalArgumentException e) {
    return Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException();
  }
}

package dev.tandem.caller.command;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.protobuf.MessageOrBuilder;
import dev.tandem.caller.calls.Connections;
import dev.tandem.caller.calls.Target;
import dev.tandem.caller.token.Credential;
import dev.tandem.caller.token.TokenSigner;
import dev.tandem.payment.v1.ChargeRequest;
import dev.tandem.payment.v1.GetPaymentRequest;
import dev.tandem.payment.v1.PaymentServiceGrpc;
import dev.tandem.user.v1.UserServiceGrpc;
import dev.tandem.user.v1.WatchUserRequest;
import io.grpc.Channel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Makes one call and prints what came back and who gave it. */
@Command(
    name = "call",
    description = {
      "Makes one call and prints the reply as JSON, with the cluster, pod and version that gave it.",
      "Exit code 0: answered (with --health: and serving). 1: the call failed. 2: wrong arguments."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls a method.
final class CallCommand implements Callable<Integer> {
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
  private static final Gson LINE = new GsonBuilder().disableHtmlEscaping().create();

  @Spec private CommandSpec spec;

  @Option(
      names = "--target",
      required = true,
      scope = ScopeType.INHERIT,
      paramLabel = "HOST:PORT",
      converter = TargetConverter.class,
      description = "Where the call goes, such as user:9000.")
  private Target target;

  @Option(
      names = "--deadline",
      defaultValue = "5s",
      scope = ScopeType.INHERIT,
      paramLabel = "SECONDS",
      converter = SecondsConverter.class,
      description = "How long the call may take, such as 5s or 0.5s (default: ${DEFAULT-VALUE}).")
  private Duration deadline;

  @Option(
      names = "--until-served-by",
      split = ",",
      paramLabel = "CLUSTER",
      description = "Repeat the call until each of these clusters has answered it.")
  private List<String> untilServedBy = List.of();

  @Option(
      names = "--within",
      defaultValue = "60s",
      paramLabel = "SECONDS",
      converter = SecondsConverter.class,
      description = "How long --until-served-by may take (default: ${DEFAULT-VALUE}).")
  private Duration within;

  @Option(
      names = "--times",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "Make the call N times, one after the other, and print the last answer; the first failure ends it.")
  private int times;

  @Option(
      names = "--no-token",
      description = "Call without the token that the caller would sign for itself.")
  private boolean noToken;

  @Option(names = "--health", description = "Ask grpc.health.v1 whether the server is serving.")
  private boolean health;

  private final Optional<TokenSigner> signer;

  CallCommand(Optional<TokenSigner> signer) {
    this.signer = signer;
  }

  @Override
  public Integer call() {
    if (!health) {
      throw new ParameterException(
          spec.commandLine(),
          "say what to call: --health, get-user, watch-user, charge or get-payment");
    }
    return make(
        channel ->
            HealthGrpc.newBlockingStub(channel).check(HealthCheckRequest.getDefaultInstance()),
        reply -> reply.getStatus() == ServingStatus.SERVING);
  }

  @Command(name = "get-user", description = "Gives a user.")
  int getUser(
      @Parameters(paramLabel = "ID", description = "The user, such as ada.") String id,
      @Option(
              names = "--api",
              defaultValue = "v1",
              paramLabel = "VERSION",
              description = "The version of the service's API: v1 or v2 (default: v1).")
          UserApi api) {
    return make(channel -> api.getUser(channel, id));
  }

  @Command(name = "watch-user", description = "Follows a user, one line of JSON for each state.")
  int watchUser(
      @Parameters(paramLabel = "ID", description = "The user, such as ada.") String id,
      @Option(
              names = "--messages",
              defaultValue = "0",
              paramLabel = "N",
              description = "End after N states (default: only with the process).")
          int messages) {
    WatchUserRequest request = WatchUserRequest.newBuilder().setUserId(id).build();
    return connected(
        exchange -> {
          Exchange.Answer answer =
              exchange.stream(
                  channel -> UserServiceGrpc.newBlockingStub(channel).watchUser(request),
                  messages,
                  state -> spec.commandLine().getOut().println(LINE.toJson(state)));
          if (!answer.good()) {
            print(answer);
          }
          return answer.problem();
        });
  }

  @Command(name = "charge", description = "Charges a user.")
  int charge(
      @Option(names = "--user", required = true, paramLabel = "ID", description = "The user.")
          String user,
      @Option(
              names = "--amount",
              required = true,
              paramLabel = "N",
              description = "The amount in the currency's smallest unit.")
          long amount,
      @Option(
              names = "--currency",
              required = true,
              paramLabel = "CODE",
              description = "An ISO 4217 code, such as EUR.")
          String currency,
      @Option(
              names = "--key",
              paramLabel = "KEY",
              description = "The idempotency key (default: a new one for each call).")
          @org.jspecify.annotations.Nullable
          String key) {
    ChargeRequest.Builder request =
        ChargeRequest.newBuilder().setUserId(user).setAmountMinor(amount).setCurrencyCode(currency);
    return make(
        channel ->
            PaymentServiceGrpc.newBlockingStub(channel)
                .charge(
                    request
                        .setIdempotencyKey(key == null ? UUID.randomUUID().toString() : key)
                        .build()));
  }

  @Command(name = "get-payment", description = "Gives a payment.")
  int getPayment(
      @Parameters(paramLabel = "ID", description = "The payment's identifier.") String id) {
    GetPaymentRequest request = GetPaymentRequest.newBuilder().setPaymentId(id).build();
    return make(channel -> PaymentServiceGrpc.newBlockingStub(channel).getPayment(request));
  }

  private <R extends MessageOrBuilder> int make(Function<Channel, R> call) {
    return make(call, reply -> true);
  }

  private <R extends MessageOrBuilder> int make(Function<Channel, R> call, Predicate<R> hopedFor) {
    if (times < 1) {
      throw new ParameterException(
          spec.commandLine(), "--times is %d: it has to be at least 1".formatted(times));
    }
    return connected(
        exchange -> {
          if (untilServedBy.isEmpty()) {
            Exchange.Answer answer = exchange.unary(call, hopedFor);
            for (int made = 1; made < times && answer.good(); made++) {
              answer = exchange.unary(call, hopedFor);
            }
            print(answer);
            return answer.problem();
          }
          try {
            return new Repetition(untilServedBy, within)
                .run(() -> exchange.unary(call, hopedFor), this::print);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
          }
        });
  }

  private int connected(Function<Exchange, String> exchange) {
    Credential credential =
        noToken ? Credential.NONE : signer.map(TokenSigner::own).orElse(Credential.NONE);
    try (Connections connections = Connections.to(target, 1, credential)) {
      String problem = exchange.apply(new Exchange(target, connections.forCall(0), deadline));
      if (problem.isEmpty()) {
        return ExitCode.OK;
      }
      spec.commandLine().getErr().println(problem);
      return ExitCode.SOFTWARE;
    }
  }

  private void print(Exchange.Answer answer) {
    spec.commandLine().getOut().println(PRETTY.toJson(answer.json()));
  }

  private static final class TargetConverter implements ITypeConverter<Target> {
    @Override
    public Target convert(String text) {
      return Target.parse(text);
    }
  }

  private static final class SecondsConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return Duration.parse("PT" + (text.endsWith("s") ? text : text + "s"));
    }
  }
}

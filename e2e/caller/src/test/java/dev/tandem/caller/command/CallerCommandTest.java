package dev.tandem.caller.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tandem.caller.LoopbackService;
import dev.tandem.caller.SigningKey;
import dev.tandem.caller.token.TokenSigner;
import dev.tandem.payment.v1.ChargeRequest;
import dev.tandem.payment.v1.ChargeResponse;
import dev.tandem.payment.v1.Payment;
import dev.tandem.payment.v1.PaymentServiceGrpc.PaymentServiceImplBase;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.stub.StreamObserver;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CallerCommandTest {
  private final Payments payments = new Payments();
  private final LoopbackService service =
      LoopbackService.with(new LoopbackService.Users(), payments);
  private Optional<TokenSigner> signer = Optional.empty();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void checksHealth() {
    assertThat(call("--health")).isZero();
    assertThat(reply().get("status").getAsString()).isEqualTo("SERVING");
  }

  @Test
  void failsWhenTheServerIsNotServing() {
    service.health.setStatus("", ServingStatus.NOT_SERVING);

    assertThat(call("--health")).isEqualTo(1);
    assertThat(reply().get("status").getAsString()).isEqualTo("NOT_SERVING");
  }

  @Test
  void printsAUserAndWhoGaveIt() {
    assertThat(call("get-user", "u-1")).isZero();
    assertThat(reply().get("name").getAsString()).isEqualTo("Lin Wei");
    assertThat(json().getAsJsonObject("servedBy").get("cluster").getAsString())
        .isEqualTo("shanghai");
  }

  @Test
  void printsAFailureAndWhoRefused() {
    assertThat(call("get-user", "u-9")).isEqualTo(1);
    assertThat(json().get("status").getAsString()).isEqualTo("NOT_FOUND");
    assertThat(json().getAsJsonObject("servedBy").get("pod").getAsString()).isEqualTo("user-0");
    assertThat(err.toString()).contains("answered NOT_FOUND: no user u-9");
  }

  @Test
  void printsEachStateOfAWatchedUser() {
    assertThat(call("watch-user", "u-1", "--messages", "3")).isZero();
    assertThat(out.toString().lines())
        .hasSize(3)
        .allMatch(line -> line.contains("\"pod\":\"user-0\""));
  }

  @Test
  void chargesUnderTheGivenKeyOrANewOne() {
    assertThat(
            call("charge", "--user", "u-1", "--amount", "1200", "--currency", "EUR", "--key", "K"))
        .isZero();
    assertThat(call("charge", "--user", "u-1", "--amount", "1200", "--currency", "EUR")).isZero();

    assertThat(payments.requests.getFirst().getIdempotencyKey()).isEqualTo("K");
    assertThat(payments.requests.getLast().getIdempotencyKey()).hasSize(36);
    assertThat(payments.requests).allMatch(request -> request.getAmountMinor() == 1200);
  }

  @Test
  void makesACallManyTimesEachUnderAKeyOfItsOwn() {
    assertThat(
            call(
                "--times", "3", "charge", "--user", "u-1", "--amount", "1200", "--currency", "EUR"))
        .isZero();

    assertThat(payments.requests.stream().map(ChargeRequest::getIdempotencyKey)).hasSize(3);
    assertThat(payments.requests.stream().map(ChargeRequest::getIdempotencyKey).distinct())
        .hasSize(3);
    assertThat(reply().getAsJsonObject("payment").get("idempotencyKey").getAsString())
        .as("the key of the one answer that is printed")
        .isEqualTo(payments.requests.getLast().getIdempotencyKey());
  }

  @Test
  void endsManyCallsWithTheFirstFailure() {
    assertThat(call("--times", "3", "get-user", "u-9")).isEqualTo(1);
    assertThat(service.requests).hasSize(1);
  }

  @Test
  void asksByTheVersionOfTheApiThatIsNamed() {
    assertThat(call("get-user", "u-1", "--api", "v2")).isEqualTo(1);
    assertThat(json().get("status").getAsString())
        .as("the loopback service has version 1 only")
        .isEqualTo("UNIMPLEMENTED");
  }

  @Test
  void repeatsACallUntilEachClusterHasAnswered() {
    assertThat(call("--until-served-by", "shanghai", "--within", "20s", "get-user", "u-1"))
        .isZero();
    assertThat(json().getAsJsonObject("servedBy").get("cluster").getAsString())
        .isEqualTo("shanghai");
  }

  @Test
  void saysWhoAnsweredWhenAClusterDidNot() {
    assertThat(
            call("--until-served-by", "shanghai,beijing", "--within", "0.05s", "get-user", "u-1"))
        .isEqualTo(1);
    assertThat(err.toString())
        .contains(
            "within 0.05 s not every one of [shanghai, beijing] answered; answers by cluster: {shanghai=")
        .contains("failed calls: 0");
  }

  @Test
  void carriesATokenWhenThereIsAKeyAndNobodyMindsIt() {
    signer = Optional.of(SigningKey.signer());

    call("get-user", "u-1");
    call("--no-token", "get-user", "u-1");
    call("charge", "--user", "u-1", "--amount", "1200", "--currency", "EUR");

    assertThat(service.authorizations()).hasSize(3);
    assertThat(service.authorizations().get(0)).startsWith("Bearer ey");
    assertThat(service.authorizations().get(1)).isEmpty();
    assertThat(service.authorizations().get(2)).startsWith("Bearer ey");
  }

  @Test
  void explainsWrongArguments() {
    assertThat(run("call", "get-user", "u-1")).isEqualTo(2);
    assertThat(err.toString()).contains("--target");
    assertThat(call()).isEqualTo(2);
    assertThat(err.toString()).contains("say what to call");
    assertThat(run("call", "--target", "user", "--health")).isEqualTo(2);
    assertThat(err.toString())
        .contains("target is 'user': it has to be host:port, such as user:9000");
    assertThat(call("--times", "0", "get-user", "u-1")).isEqualTo(2);
    assertThat(err.toString()).contains("--times is 0: it has to be at least 1");
    assertThat(call("get-user", "u-1", "--api", "v9")).isEqualTo(2);
    assertThat(err.toString()).contains("--api", "v9");
    assertThat(call("--deadline", "soon", "--health")).isEqualTo(2);
    assertThat(err.toString()).contains("deadline");
  }

  private JsonObject reply() {
    return json().getAsJsonObject("reply");
  }

  private JsonObject json() {
    return JsonParser.parseString(out.toString()).getAsJsonObject();
  }

  private int call(String... arguments) {
    List<String> all = new ArrayList<>(List.of("call", "--target", service.target().toString()));
    all.addAll(List.of(arguments));
    return run(all.toArray(String[]::new));
  }

  private int run(String... arguments) {
    return CallerCommand.run(
        signer, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  private static final class Payments extends PaymentServiceImplBase {
    final List<ChargeRequest> requests = new ArrayList<>();

    @Override
    public void charge(ChargeRequest request, StreamObserver<ChargeResponse> observer) {
      requests.add(request);
      observer.onNext(
          ChargeResponse.newBuilder()
              .setPayment(Payment.newBuilder().setIdempotencyKey(request.getIdempotencyKey()))
              .build());
      observer.onCompleted();
    }
  }
}

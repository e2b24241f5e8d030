package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.call.Ledger;
import dev.tandem.e2e.call.LoadShape;
import dev.tandem.e2e.call.RunningLoad;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import dev.tandem.payment.v1.ChargeRequest;
import dev.tandem.payment.v1.ChargeResponse;
import dev.tandem.payment.v1.GetPaymentResponse;
import dev.tandem.payment.v1.Payment;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@Proof("Payments are the same in every cluster")
@Order(5)
final class PaymentsTest {
  @Test
  @Order(1)
  void aPaymentChargedInOneClusterIsReadInEveryOther(Clusters clusters, Evidence evidence) {
    for (LiveCluster charging : clusters.all()) {
      Call charge = charging.caller().call(Work.charge(Charges.of(1200)));
      Payment payment = charge.reply(ChargeResponse.parser()).getPayment();
      for (LiveCluster reading : clusters.without(charging)) {
        Call read = reading.caller().call(Work.getPayment(payment.getPaymentId()));

        assertThat(read.reply(GetPaymentResponse.parser()).getPayment()).isEqualTo(payment);
        evidence.says(
            "Payment %s, charged from %s (served by %s, %s), was read from %s (served by %s, %s) with the same content.",
            payment.getPaymentId(),
            charging.name(),
            charge.cluster(),
            Ledger.millis(charge.latency()),
            reading.name(),
            read.cluster(),
            Ledger.millis(read.latency()));
      }
    }
  }

  @Test
  @Order(2)
  void theSameKeyFromEveryClusterAtOnceChargesOnce(Clusters clusters, Evidence evidence) {
    ChargeRequest request = Charges.of(999);
    LoadShape shape = LoadShape.of(25, 25).keepingReplies();
    List<RunningLoad> loads = new ArrayList<>();
    List<Call> calls = new ArrayList<>();
    try {
      clusters
          .all()
          .forEach(cluster -> loads.add(cluster.caller().load(Work.charge(request), shape)));
      for (RunningLoad load : loads) {
        Ledger ledger = load.awaitEnd();
        ledger.assertAllOk("the same key from every cluster at once");
        calls.addAll(ledger.calls());
      }
    } finally {
      loads.forEach(RunningLoad::close);
    }

    List<ChargeResponse> replies =
        calls.stream().map(call -> call.reply(ChargeResponse.parser())).toList();
    Set<Payment> payments =
        replies.stream().map(ChargeResponse::getPayment).collect(Collectors.toSet());
    assertThat(payments).as("payments under one key").hasSize(1);
    long made = replies.stream().filter(reply -> !reply.getReplayed()).count();
    // None: when the mesh repeated the call that made it, and only the repetition's reply came
    // back.
    assertThat(made).as("replies that say the payment is new").isLessThanOrEqualTo(1);
    assertThat(Charges.stored(clusters, request.getIdempotencyKey()))
        .as("rows in the database")
        .isEqualTo(1);
    evidence.says(
        "%d charges with one key, sent from %s at once: 1 payment, 1 row, %d replies that say it was there already.",
        calls.size(), String.join(" and ", clusters.names()), calls.size() - made);
  }

  private record BadCharge(
      UnaryOperator<ChargeRequest.Builder> change, Set<Status.Code> expected) {}

  @Test
  @Order(3)
  void aBadChargeIsRefusedWithTheStatusThatTheContractNames(Clusters clusters, Evidence evidence) {
    Map<String, BadCharge> bad = new LinkedHashMap<>();
    bad.put(
        "a negative amount",
        expecting(charge -> charge.setAmountMinor(-1), Status.Code.INVALID_ARGUMENT));
    bad.put(
        "an amount of zero",
        expecting(charge -> charge.setAmountMinor(0), Status.Code.INVALID_ARGUMENT));
    bad.put(
        "an unknown currency",
        expecting(charge -> charge.setCurrencyCode("XQX"), Status.Code.INVALID_ARGUMENT));
    bad.put(
        "no key", expecting(charge -> charge.clearIdempotencyKey(), Status.Code.INVALID_ARGUMENT));
    bad.put(
        "a key of 129 bytes",
        expecting(
            charge -> charge.setIdempotencyKey("k".repeat(129)), Status.Code.INVALID_ARGUMENT));
    bad.put(
        "a key of 10 MiB",
        expecting(
            charge -> charge.setIdempotencyKey("k".repeat(10 << 20)),
            Status.Code.RESOURCE_EXHAUSTED,
            Status.Code.INVALID_ARGUMENT));
    bad.put(
        "an unknown user",
        expecting(charge -> charge.setUserId(Users.NOBODY), Status.Code.FAILED_PRECONDITION));
    for (LiveCluster cluster : clusters.all()) {
      Map<String, Status.Code> answers = new LinkedHashMap<>();
      bad.forEach(
          (name, charge) -> {
            ChargeRequest request = charge.change.apply(Charges.of(1200).toBuilder()).build();
            Call call = cluster.caller().call(Work.charge(request));
            assertThat(charge.expected)
                .as("%s from %s: %s", name, cluster, call.describe())
                .contains(call.status());
            assertThat(call.message()).as("what is said of %s", name).isNotBlank();
            answers.put(name, call.status());
          });
      evidence.says("From %s: %s.", cluster.name(), answers);
    }
  }

  private static BadCharge expecting(
      UnaryOperator<ChargeRequest.Builder> change, Status.Code... expected) {
    return new BadCharge(change, Set.of(expected));
  }

  @Test
  @Order(4)
  void aKeyThatIsUsedForAnotherChargeIsRefused(Clusters clusters, Evidence evidence) {
    ChargeRequest request = Charges.of(1200);
    LiveCluster first = clusters.all().getFirst();
    Payment payment =
        first.caller().call(Work.charge(request)).reply(ChargeResponse.parser()).getPayment();
    Map<String, ChargeRequest> others =
        Map.of(
            "another amount", request.toBuilder().setAmountMinor(1300).build(),
            "another user", request.toBuilder().setUserId(Users.ANOTHER).build(),
            "another currency", request.toBuilder().setCurrencyCode("EUR").build());
    for (LiveCluster cluster : clusters.all()) {
      others.forEach(
          (what, other) -> {
            Call call = cluster.caller().call(Work.charge(other));
            assertThat(call.status())
                .as("%s from %s: %s", what, cluster, call.describe())
                .isEqualTo(Status.Code.ALREADY_EXISTS);
          });
      Call again = cluster.caller().call(Work.charge(request));
      assertThat(again.reply(ChargeResponse.parser()).getPayment()).isEqualTo(payment);
    }
    assertThat(Charges.stored(clusters, request.getIdempotencyKey())).isEqualTo(1);
    evidence.says(
        "A key that was used in %s, sent again with another amount, user or currency from %s: %d times ALREADY_EXISTS, still 1 row; with the same charge: the same payment.",
        first.name(),
        String.join(" and ", clusters.names()),
        others.size() * clusters.all().size());
  }

  @Test
  @Order(5)
  void whatIsNotThereIsNotFound(Clusters clusters, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      Call user = cluster.caller().call(Work.getUser(Users.NOBODY));
      Call payment = cluster.caller().call(Work.getPayment("00000000-0000-4000-8000-000000000000"));
      Call malformed = cluster.caller().call(Work.getPayment("not-a-uuid"), Duration.ofSeconds(5));

      assertThat(user.status()).as(user.describe()).isEqualTo(Status.Code.NOT_FOUND);
      assertThat(payment.status()).as(payment.describe()).isEqualTo(Status.Code.NOT_FOUND);
      assertThat(malformed.status())
          .as(malformed.describe())
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(List.of(user.cluster(), payment.cluster(), malformed.cluster()))
          .doesNotContain("");
      evidence.says(
          "From %s: an unknown user is %s (said by %s), an unknown payment %s (said by %s), a malformed id %s.",
          cluster.name(),
          user.status(),
          user.cluster(),
          payment.status(),
          payment.cluster(),
          malformed.status());
    }
  }
}

package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.call.Ledger;
import dev.tandem.e2e.call.LoadShape;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Undo;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import dev.tandem.payment.v1.ChargeResponse;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@Proof("A service that fails half of its calls is not buried under repetitions")
@Order(8)
final class AmplificationTest {
  private static final int CHARGES = 1500;
  private static final double CHARGES_PER_SECOND = 50;

  @Test
  void userSeesAtMostTwiceTheCallsThatPaymentMakes(
      Clusters clusters, Undo undo, Evidence evidence) {
    // The user gets known, too, so that what fails after all is charged under the name of an
    // earlier payment. Pods that another proof has just restarted are late by themselves, and what
    // is late is asked again.
    WarmUp.of(clusters.all(), () -> List.of(Charges.each(1200, "warm-")));
    FailingUsers failing = FailingUsers.in(clusters, undo);

    for (LiveCluster cluster : clusters.all()) {
      long before = failing.attempts();
      Ledger ledger =
          cluster
              .caller()
              .run(
                  Charges.each(1200, "e2e-"),
                  LoadShape.of(CHARGES, CHARGES_PER_SECOND).keepingReplies());
      long attempts = failing.attempts() - before;

      ledger.assertAllOk("while user fails half of its calls");
      List<ChargeResponse> replies = ledger.calls().stream().map(call -> reply(call)).toList();
      long asked = replies.stream().filter(reply -> !reply.getPayment().hasUserNameAsOf()).count();
      assertThat(attempts)
          .as("calls that arrived at user while %d charges were made from %s", CHARGES, cluster)
          // Fewer would mean that nothing failed, or that not everything was counted.
          .isGreaterThan(CHARGES * 5 / 4)
          .isLessThanOrEqualTo(CHARGES * 2);
      evidence.says(
          "%s while user fails half of its calls: %s. %d calls arrived at user, %.2f for each charge; for %.1f %% of the charges it answered, the others were made under the name of an earlier payment.",
          ledger.what(),
          ledger.figures(),
          attempts,
          (double) attempts / CHARGES,
          100.0 * asked / CHARGES);
    }
  }

  private static ChargeResponse reply(Call call) {
    return call.reply(ChargeResponse.parser());
  }
}

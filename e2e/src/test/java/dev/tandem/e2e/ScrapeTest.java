package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.call.Meters;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@Proof("Pods tell Prometheus who called what, and what they run")
@Order(3)
final class ScrapeTest {

  private static final int CALLS = 20;
  private static final String CHARGE = "rpc_method=\"tandem.payment.v1.PaymentService/Charge\"";
  private static final String GET_USER = "rpc_method=\"tandem.user.v1.UserService/GetUser\"";
  private static final String OK = "rpc_response_status_code=\"OK\"";

  @Test
  @Order(1)
  void callsAreCountedByMethodVersionCallerAndBothClusters(Clusters clusters, Evidence evidence) {
    List<Scrape> paymentsBefore = scrapes(clusters, "payment");
    List<Scrape> usersBefore = scrapes(clusters, "user");

    for (LiveCluster cluster : clusters.all()) {
      for (int call = 0; call < CALLS; call++) {
        Call charge = cluster.caller().call(Work.charge(Charges.of(1200)));
        assertThat(charge.ok()).as(charge.describe()).isTrue();
      }
    }

    List<Scrape> payments = scrapes(clusters, "payment");
    List<Scrape> users = scrapes(clusters, "user");
    int made = CALLS * clusters.all().size();
    // The mesh may hedge a call, and its server then counts it twice.
    assertThat(
            counted(payments, ScrapeTest::charges) - counted(paymentsBefore, ScrapeTest::charges))
        .as("charges with status OK")
        .isGreaterThanOrEqualTo(made);
    assertThat(
            counted(payments, ScrapeTest::callsOfCaller)
                - counted(paymentsBefore, ScrapeTest::callsOfCaller))
        .as("calls of the verified caller to tandem.payment.v1, ACTIVE")
        .isGreaterThanOrEqualTo(made);
    assertThat(
            counted(payments, ScrapeTest::questionsToUser)
                - counted(paymentsBefore, ScrapeTest::questionsToUser))
        .as("calls to user that payment made, whose replies named a cluster")
        .isGreaterThanOrEqualTo(made);
    assertThat(
            counted(users, ScrapeTest::answersToPayment)
                - counted(usersBefore, ScrapeTest::answersToPayment))
        .as("calls that user answered, whose requests named payment's cluster")
        .isGreaterThanOrEqualTo(made);
    evidence.says(
        "%d charges were found in the meters of payment's pods, by method, status, version and caller, and their lookups in user's by the clusters at both ends.",
        made);
  }

  @Test
  @Order(2)
  void everyPodNamesItselfWhatItRunsAndItsState(Clusters clusters, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      for (String service : List.of("user", "payment")) {
        for (String pod : pods(cluster, service)) {
          Meters meters = Meters.of(cluster.kubectl(), LiveCluster.NAMESPACE, pod);
          assertThat(
                  meters.sum(
                      "target_info",
                      "k8s_cluster_name=\"%s\"".formatted(cluster.name()),
                      "k8s_pod_name=\"%s\"".formatted(pod),
                      "service_name=\"tandem-%s\"".formatted(service)))
              .as("target_info of %s in %s", pod, cluster)
              .isEqualTo(1);
          assertThat(meters.sum("tandem_lifecycle_state", "state=\"ready\""))
              .as("whether %s in %s is ready", pod, cluster)
              .isEqualTo(1);
        }
      }
      evidence.says(
          "Every pod of %s names its cluster, itself, its service and its state.", cluster.name());
    }
  }

  private record Scrape(LiveCluster cluster, Meters meters) {

    double sum(String name, String... labels) {
      return meters.sum(name, labels);
    }
  }

  private static double charges(Scrape scrape) {
    return scrape.sum(
        "rpc_server_call_duration_seconds_count",
        CHARGE,
        OK,
        "tandem_api_version=\"v1\"",
        "tandem_server_cluster=\"%s\"".formatted(scrape.cluster.name()));
  }

  private static double callsOfCaller(Scrape scrape) {
    return scrape.sum(
        "tandem_api_calls_total",
        "api=\"tandem.payment.v1\"",
        "caller=\"caller\"",
        "state=\"ACTIVE\"");
  }

  private static double questionsToUser(Scrape scrape) {
    String name = "rpc_client_call_duration_seconds_count";
    String from = "tandem_caller_cluster=\"%s\"".formatted(scrape.cluster.name());
    return scrape.sum(name, GET_USER, OK, from)
        - scrape.sum(name, GET_USER, OK, from, "tandem_server_cluster=\"unknown\"");
  }

  private static double answersToPayment(Scrape scrape) {
    String name = "rpc_server_call_duration_seconds_count";
    String at = "tandem_server_cluster=\"%s\"".formatted(scrape.cluster.name());
    return scrape.sum(name, GET_USER, OK, at)
        - scrape.sum(name, GET_USER, OK, at, "tandem_caller_cluster=\"unknown\"");
  }

  private static double counted(List<Scrape> scrapes, ToDoubleFunction<Scrape> count) {
    return scrapes.stream().mapToDouble(count).sum();
  }

  private static List<Scrape> scrapes(Clusters clusters, String service) {
    List<Scrape> scrapes = new ArrayList<>();
    for (LiveCluster cluster : clusters.all()) {
      for (String pod : pods(cluster, service)) {
        scrapes.add(new Scrape(cluster, Meters.of(cluster.kubectl(), LiveCluster.NAMESPACE, pod)));
      }
    }
    return scrapes;
  }

  private static List<String> pods(LiveCluster cluster, String service) {
    return cluster.deployment(service).readyPods().stream()
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }
}

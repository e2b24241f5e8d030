package dev.tandem.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IstioSplitTest {

  private static final Migration TO_V2 =
      new Migration(
          "user", "tandem.user.v1", "tandem.user.v2", Optional.empty(), Map.of(), Course.USUAL);

  private static final IstioSplit SPLIT = new IstioSplit(TO_V2, "user.tandem.svc.cluster.local");

  /** As the chart renders it. */
  private static final Map<String, Object> ORIGINAL =
      yaml(
          """
          hosts: [user.tandem.svc.cluster.local]
          http:
            - name: get-user
              match:
                - uri: {exact: /tandem.user.v1.UserService/GetUser}
                - uri: {exact: /tandem.user.v2.UserService/GetUser}
              route:
                - destination: {host: user.tandem.svc.cluster.local}
              timeout: 5s
              retries: {attempts: 3, perTryTimeout: 1s}
            - name: watch-user
              match:
                - uri: {exact: /tandem.user.v1.UserService/WatchUser}
              route:
                - destination: {host: user.tandem.svc.cluster.local}
              retries: {attempts: 3}
            - name: other-methods
              route:
                - destination: {host: user.tandem.svc.cluster.local}
              timeout: 5s
          """);

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 20, 50, 80})
  void sharesTheCallsOfTheOldVersionAndSendsTheNewVersionToTheNewDeployment(int percent) {
    Map<String, Object> spec = routes(new Phase.Shifted(percent));

    assertThat(names(spec))
        .containsExactly(
            "get-user-new-version",
            "other-methods-new-version",
            "get-user",
            "watch-user",
            "other-methods");
    assertThat(weights(route(spec, "get-user")))
        .isEqualTo(Map.of("stable", 100 - percent, "candidate", percent));
    assertThat(weights(route(spec, "watch-user")))
        .isEqualTo(Map.of("stable", 100 - percent, "candidate", percent));
    assertThat(weights(route(spec, "get-user-new-version"))).isEqualTo(Map.of("candidate", 100));
    assertThat(String.valueOf(route(spec, "get-user").get("match")))
        .contains("tandem.user.v1")
        .doesNotContain("tandem.user.v2");
  }

  @Test
  void keepsDeadlinesAndRetries() {
    assertThat(route(routes(new Phase.Shifted(5)), "get-user"))
        .containsEntry("timeout", "5s")
        .containsEntry("retries", Map.of("attempts", 3, "perTryTimeout", "1s"));
  }

  @Test
  void sendsNobodyToADeploymentThatOnlyStandsThere() {
    assertThat(weights(route(routes(new Phase.Beside()), "other-methods")))
        .isEqualTo(Map.of("stable", 100));
  }

  @Test
  void copiesCallsButNoStreams() {
    Map<String, Object> spec = routes(new Phase.Mirrored());

    assertThat(route(spec, "get-user"))
        .containsEntry(
            "mirror", Map.of("host", "user.tandem.svc.cluster.local", "subset", "candidate"))
        .containsEntry("headers", Map.of("request", Map.of("set", Map.of("tandem-compare", "5"))));
    assertThat(weights(route(spec, "get-user"))).isEqualTo(Map.of("stable", 100));
    assertThat(route(spec, "watch-user")).doesNotContainKeys("mirror", "headers");
    assertThat(route(spec, "get-user-new-version")).doesNotContainKey("mirror");
  }

  @Test
  void tellsCallersOfTheOldVersionThatItWillEnd() {
    Map<String, Object> spec = routes(new Phase.Deprecation());

    assertThat(route(spec, "get-user").get("headers"))
        .isEqualTo(
            Map.of(
                "response",
                Map.of(
                    "set",
                    Map.of(
                        "deprecation", "@1795478400",
                        "link", "<urn:grpc:tandem.user.v2>; rel=\"successor-version\""))));
    assertThat(route(spec, "get-user-new-version")).doesNotContainKey("headers");
  }

  @Test
  void refusesTheRetiredVersionAndNamesItsSuccessor() {
    Map<String, Object> first =
        IstioSplit.map(IstioSplit.list(routes(new Phase.Retirement()).get("http")).getFirst());

    assertThat(first)
        .isEqualTo(
            yaml(
                """
                name: retired
                match: [{uri: {prefix: /tandem.user.v1.}}]
                directResponse:
                  status: 200
                  body: {string: "tandem.user.v1 is retired: call tandem.user.v2"}
                headers: {response: {set: {grpc-status: "12"}}}
                """));
  }

  @Test
  void leavesRoutesToOtherServicesAlone() {
    Map<String, Object> foreign =
        yaml(
            """
            http:
              - name: elsewhere
                route: [{destination: {host: other}}]
            """);

    assertThat(SPLIT.virtualService(foreign, new Phase.Shifted(50).shape(), "")).isEqualTo(foreign);
  }

  @Test
  void givesTheDestinationRuleASubsetForEachDeploymentAndKeepsItsPolicy() {
    Map<String, Object> rule =
        yaml(
            """
            host: user
            trafficPolicy: {outlierDetection: {interval: 1s}}
            subsets: [{name: mine, labels: {a: b}}]
            """);

    Map<String, Object> twice = SPLIT.destinationRule(SPLIT.destinationRule(rule));

    assertThat(twice)
        .isEqualTo(
            yaml(
                """
                host: user
                trafficPolicy: {outlierDetection: {interval: 1s}}
                subsets:
                  - {name: mine, labels: {a: b}}
                  - {name: stable, labels: {tandem.dev/track: stable}}
                  - {name: candidate, labels: {tandem.dev/track: candidate}}
                """));
  }

  private static Map<String, Object> routes(Phase phase) {
    return SPLIT.virtualService(ORIGINAL, phase.shape(), "@1795478400");
  }

  private static List<String> names(Map<String, Object> spec) {
    return IstioSplit.list(spec.get("http")).stream()
        .map(route -> String.valueOf(IstioSplit.map(route).get("name")))
        .toList();
  }

  private static Map<String, Object> route(Map<String, Object> spec, String name) {
    return IstioSplit.list(spec.get("http")).stream()
        .map(IstioSplit::map)
        .filter(route -> name.equals(route.get("name")))
        .findFirst()
        .orElseThrow();
  }

  private static Map<Object, Object> weights(Map<String, Object> route) {
    return IstioSplit.list(route.get("route")).stream()
        .map(IstioSplit::map)
        .collect(
            Collectors.toMap(
                one -> IstioSplit.map(one.get("destination")).get("subset"),
                one -> one.get("weight")));
  }

  private static Map<String, Object> yaml(String text) {
    return IstioSplit.map(Serialization.unmarshal(text, Map.class));
  }
}

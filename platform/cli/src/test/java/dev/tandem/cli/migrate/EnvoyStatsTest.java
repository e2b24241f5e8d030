package dev.tandem.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class EnvoyStatsTest {

  private static final String HOST = "user.tandem.svc.cluster.local";

  /** As a proxy of ours says it. */
  private static final String TEXT =
      """
      # TYPE envoy_cluster_grpc_0 counter
      envoy_cluster_grpc_0{cluster_name="outbound|9000|stable|user.tandem.svc.cluster.local;"} 900
      envoy_cluster_grpc_14{cluster_name="outbound|9000|stable|user.tandem.svc.cluster.local;"} 1
      envoy_cluster_grpc_0{cluster_name="outbound|9000|candidate|user.tandem.svc.cluster.local;"} 95
      envoy_cluster_grpc_5{cluster_name="outbound|9000|candidate|user.tandem.svc.cluster.local;"} 3
      envoy_cluster_grpc_13{cluster_name="outbound|9000|candidate|user.tandem.svc.cluster.local;"} 2
      envoy_cluster_grpc_0{cluster_name="outbound|9000||user.tandem.svc.cluster.local;"} 77
      envoy_cluster_grpc_0{cluster_name="outbound|9000|candidate|payment.tandem.svc.cluster.local;"} 55
      envoy_cluster_grpc_success{cluster_name="outbound|9000|candidate|user.tandem.svc.cluster.local;"} 98
      envoy_cluster_upstream_rq_retry{cluster_name="outbound|9000|candidate|user.tandem.svc.cluster.local;"} 4
      # TYPE envoy_cluster_upstream_rq_time histogram
      envoy_cluster_upstream_rq_time_bucket{cluster_name="outbound|9000|candidate|user.tandem.svc.cluster.local;",le="5"} 50
      envoy_cluster_upstream_rq_time_bucket{cluster_name="outbound|9000|candidate|user.tandem.svc.cluster.local;",le="10"} 100
      envoy_cluster_upstream_rq_time_bucket{cluster_name="outbound|9000|candidate|user.tandem.svc.cluster.local;",le="+Inf"} 104
      envoy_cluster_upstream_rq_time_sum{cluster_name="outbound|9000|candidate|user.tandem.svc.cluster.local;"} 612
      """;

  @Test
  void readsTheCallsOfBothDeployments() {
    Map<Track, Calls> calls = EnvoyStats.read(TEXT, HOST);

    assertThat(Objects.requireNonNull(calls.get(Track.STABLE)).byStatus())
        .isEqualTo(Map.of(0, 900L, 14, 1L));
    Calls candidate = Objects.requireNonNull(calls.get(Track.CANDIDATE));
    assertThat(candidate.byStatus()).isEqualTo(Map.of(0, 95L, 5, 3L, 13, 2L));
    assertThat(candidate.retries()).isEqualTo(4);
    assertThat(candidate.latency().count()).isEqualTo(104);
  }

  @Test
  void countsWhatTheServiceIsToBlameForAndWhatAProxyHid() {
    Calls candidate = Objects.requireNonNull(EnvoyStats.read(TEXT, HOST).get(Track.CANDIDATE));

    assertThat(candidate.finished()).isEqualTo(100);
    assertThat(candidate.failures()).isEqualTo(6);
  }

  @Test
  void findsNothingInAProxyThatNeverCalled() {
    assertThat(EnvoyStats.read("", HOST)).isEmpty();
  }

  @Test
  void asksTheProxyForTheseStatisticsAlone() {
    Pattern filter = Pattern.compile(EnvoyStats.filter(HOST));

    assertThat("cluster.outbound|9000|candidate|user.tandem.svc.cluster.local;.grpc.14")
        .containsPattern(filter);
    assertThat("cluster.outbound|9000|stable|user.tandem.svc.cluster.local;.upstream_rq_time")
        .containsPattern(filter);
    assertThat("cluster.outbound|9000||user.tandem.svc.cluster.local;.upstream_rq_time")
        .doesNotContainPattern(filter);
    assertThat("cluster.outbound|9000|stable|payment.tandem.svc.cluster.local;.grpc.0")
        .doesNotContainPattern(filter);
  }
}

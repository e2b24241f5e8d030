package dev.tandem.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.UserServiceGrpc;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceBlockingStub;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a Prometheus sees of the running service. */
@QuarkusTest
@QuarkusTestResource(MountedUsers.class)
class TelemetryTest {

  /** What Prometheus 3 sends. */
  private static final String PROMETHEUS =
      "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
          + "application/openmetrics-text;version=0.0.1;q=0.5,"
          + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,"
          + "*/*;q=0.2";

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int grpcPort;

  @ConfigProperty(name = "quarkus.http.test-port")
  int httpPort;

  private ManagedChannel channel;

  @BeforeEach
  void connect() {
    channel =
        Grpc.newChannelBuilderForAddress("127.0.0.1", grpcPort, InsecureChannelCredentials.create())
            .build();
  }

  @AfterEach
  void disconnect() {
    channel.shutdownNow();
  }

  @Test
  void aBucketLeadsToATrace() throws Exception {
    users("shanghai").getUser(GetUserRequest.newBuilder().setUserId("ada").build());

    HttpResponse<String> scrape = scrape(PROMETHEUS);

    assertThat(scrape.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/openmetrics-text");
    assertThat(lines(scrape, "rpc_server_call_duration_seconds_bucket{"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains(
                        "rpc_method=\"tandem.user.v1.UserService/GetUser\"",
                        "rpc_response_status_code=\"OK\"",
                        "tandem_api_version=\"v1\"",
                        "tandem_caller_cluster=\"shanghai\"",
                        "tandem_server_cluster=\"local\"",
                        "trace_id=\"" + TRACE + "\""));
    assertThat(scrape.body()).endsWith("# EOF\n");
  }

  @Test
  void givesPlainTextToWhomTakesNothingElse() throws Exception {
    users("shanghai").getUser(GetUserRequest.newBuilder().setUserId("ada").build());

    HttpResponse<String> scrape = scrape("text/plain");

    assertThat(scrape.headers().firstValue("content-type").orElseThrow()).startsWith("text/plain");
    assertThat(lines(scrape, "rpc_server_call_duration_seconds_count{")).isNotEmpty();
    assertThat(scrape.body()).doesNotContain("trace_id");
  }

  @Test
  void countsAnErrorByItsStatus() throws Exception {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(
            () ->
                users("beijing").getUser(GetUserRequest.newBuilder().setUserId("nobody").build()));

    assertThat(lines(scrape(PROMETHEUS), "rpc_server_call_duration_seconds_count{"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains(
                        "rpc_response_status_code=\"NOT_FOUND\"",
                        "error_type=\"\"",
                        "tandem_caller_cluster=\"beijing\""));
  }

  @Test
  void doesNotMeasureCallsTwiceNorProbes() throws Exception {
    users("shanghai").getUser(GetUserRequest.newBuilder().setUserId("ada").build());
    scrape(PROMETHEUS);

    assertThat(scrape(PROMETHEUS).body())
        .doesNotContain("grpc_server_", "http_server_", "grpc.health");
  }

  @Test
  void saysWhoIsMeasured() throws Exception {
    assertThat(lines(scrape(PROMETHEUS), "target_info{"))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .contains("service_name=\"tandem-user\"", "k8s_cluster_name=\"local\"")
                    .containsPattern("tandem_configuration_digest=\"[0-9a-f]{12}\""));
  }

  @Test
  void measuresTheJvm() throws Exception {
    assertThat(scrape(PROMETHEUS).body())
        .contains("jvm_memory_used_bytes", "process_cpu_usage", "jvm_gc_");
  }

  private HttpResponse<String> scrape(String accept) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/metrics"))
            .header("Accept", accept)
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
      return response;
    }
  }

  private static List<String> lines(HttpResponse<String> scrape, String prefix) {
    return scrape.body().lines().filter(line -> line.startsWith(prefix)).toList();
  }

  /** Calls within a trace, from a cluster. */
  private UserServiceBlockingStub users(String cluster) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
        "00-" + TRACE + "-00f067aa0ba902b7-01");
    headers.put(
        Metadata.Key.of("tandem-caller-cluster", Metadata.ASCII_STRING_MARSHALLER), cluster);
    return UserServiceGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }
}

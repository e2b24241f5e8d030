package dev.tandem.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tandem.user.v1.UserServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the platform counts is where a Prometheus looks. */
@QuarkusTest
@TestProfile(MetricsTest.TwoCallsAndARetiredVersion.class)
class MetricsTest {

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int grpcPort;

  @ConfigProperty(name = "quarkus.http.test-port")
  int httpPort;

  private ManagedChannel channel;

  /** Tokens are needed, version 1 is retired, and callers have two calls an hour. */
  public static final class TwoCallsAndARetiredVersion implements QuarkusTestProfile {

    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(SignedTokens.class));
    }

    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        Path lifecycle = Files.createTempFile("lifecycle", ".yaml");
        lifecycle.toFile().deleteOnExit();
        Files.writeString(
            lifecycle,
            """
            apiVersion: tandem.dev/v1
            packages:
              tandem.user.v1:
                state: RETIRED
                deprecated: 2026-01-01
                sunset: 2026-06-01
                successor: tandem.user.v2
              tandem.user.v2:
                state: ACTIVE
            """);
        return Map.of(
            "tandem.versioning.lifecycle", lifecycle.toString(), "tandem.ratelimit.limit", "2/h");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

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
  void callsByVersionNameTheirCallers() throws Exception {
    getUserInVersion2(SignedTokens.token("grace"));

    assertThat(scrape())
        .contains(
            "tandem_api_calls_total{api=\"tandem.user.v2\",caller=\"grace\",state=\"ACTIVE\",} 1.0");
  }

  @Test
  void callsOfARetiredVersionNameWhoHasNotMoved() throws Exception {
    assertThat(refusalInVersion1(SignedTokens.token("charles")).getCode())
        .isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(refusalInVersion1(new Metadata()).getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);

    assertThat(scrape())
        .contains(
            "tandem_api_calls_total{api=\"tandem.user.v1\",caller=\"charles\",state=\"RETIRED\",} 1.0")
        .contains(
            "tandem_api_calls_total{api=\"tandem.user.v1\",caller=\"unverified\",state=\"RETIRED\",} 1.0");
  }

  @Test
  void refusalsOfTheLimiterAndTheDurationsOfCallsAreThere() throws Exception {
    Metadata token = SignedTokens.token("ada");
    getUserInVersion2(token);
    getUserInVersion2(token);

    StatusRuntimeException third =
        Objects.requireNonNull(
            catchThrowableOfType(StatusRuntimeException.class, () -> getUserInVersion2(token)));

    assertThat(third.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(scrape())
        .contains(
            "tandem_ratelimit_refused_total{caller=\"verified\",rpc_method=\"tandem.user.v2.UserService/GetUser\",} 1.0")
        .contains("tandem_ratelimit_overflowed_total 0.0")
        .containsPattern(
            "rpc_server_call_duration_seconds_count\\{[^}]*rpc_method=\"tandem.user.v2.UserService/GetUser\",rpc_response_status_code=\"RESOURCE_EXHAUSTED\"[^}]*} 1");
  }

  @Test
  void theStateOfTheServerIsThere() throws Exception {
    assertThat(scrape())
        .contains("tandem_lifecycle_state{state=\"draining\",} 0.0")
        .containsPattern("tandem_lifecycle_calls \\d");
  }

  private void getUserInVersion2(Metadata headers) {
    dev.tandem.user.v2.UserServiceGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .getUser(dev.tandem.user.v2.GetUserRequest.newBuilder().setUserId("ada").build());
  }

  private Status refusalInVersion1(Metadata headers) {
    return Objects.requireNonNull(
            catchThrowableOfType(
                StatusRuntimeException.class,
                () ->
                    UserServiceGrpc.newBlockingStub(channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                        .getUser(
                            dev.tandem.user.v1.GetUserRequest.newBuilder()
                                .setUserId("ada")
                                .build())))
        .getStatus();
  }

  private String scrape() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/metrics"))
            .header("Accept", "text/plain")
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }
}

package dev.tandem.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.rpc.RetryInfo;
import dev.tandem.transport.ServerIdentityInterceptor;
import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.UserServiceGrpc;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceBlockingStub;
import dev.tandem.versioning.Announcement;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What platform/ratelimit and platform/versioning make of this service. */
@QuarkusTest
@TestProfile(LimitsAndLifecycleTest.FiveCallsAndALifecycle.class)
class LimitsAndLifecycleTest {

  private static final GetUserRequest ADA = GetUserRequest.newBuilder().setUserId("ada").build();
  private static final String DEPRECATED = "{state: DEPRECATED, %s}".formatted(announcement());
  private static final String RETIRED = "{state: RETIRED, %s}".formatted(announcement());

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int grpcPort;

  private final AtomicReference<Metadata> headers = new AtomicReference<>();
  private ManagedChannel channel;

  /** The proxy whose word is taken is each test itself: it calls as somebody of its own. */
  public static final class FiveCallsAndALifecycle implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        Path file = Files.createTempDirectory("tandem-lifecycle").resolve("lifecycle.yaml");
        write(file, DEPRECATED);
        return Map.of(
            "tandem.ratelimit.limit", "5/h",
            "tandem.ratelimit.trusted-proxies", "127.0.0.0/8",
            "tandem.versioning.lifecycle", file.toString());
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
  void refusesTheSixthCallAndSaysWhenToComeBack() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(usersFor("203.0.113.1").getUser(ADA).getName()).isEqualTo("Ada Lovelace");
    }

    StatusRuntimeException refusal = refusalOf("203.0.113.1");

    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(
            Objects.requireNonNull(StatusProto.fromThrowable(refusal))
                .getDetails(0)
                .unpack(RetryInfo.class)
                .getRetryDelay()
                .getSeconds())
        .isBetween(1L, 720L);
    Metadata trailers = Objects.requireNonNull(refusal.getTrailers());
    assertThat(trailers.get(ServerIdentityInterceptor.CLUSTER)).isEqualTo("local");
    assertThat(trailers.get(Announcement.DEPRECATION)).isEqualTo("@1796083200");
  }

  @Test
  void neverRefusesHealthChecks() {
    for (int i = 0; i < 50; i++) {
      assertThat(
              HealthGrpc.newBlockingStub(channel)
                  .check(HealthCheckRequest.getDefaultInstance())
                  .getStatusValue())
          .isEqualTo(1);
    }
  }

  @Test
  void announcesRetiresAndTakesBackWithoutARestart() throws IOException {
    assertThat(usersFor("203.0.113.2").getUser(ADA).getAge()).isEqualTo(36);
    assertThat(Objects.requireNonNull(headers.get()).get(Announcement.LINK))
        .isEqualTo("<https://example.com/user-v2>; rel=\"deprecation\"");

    Path lifecycle = ConfigProvider.getConfig().getValue("tandem.versioning.lifecycle", Path.class);
    write(lifecycle, RETIRED);
    // A refusal for retirement costs no token: one for the limit would be another status.
    await()
        .untilAsserted(
            () ->
                assertThat(refusalOf("203.0.113.3").getStatus().getCode())
                    .isEqualTo(Status.Code.UNIMPLEMENTED));
    assertThat(refusalOf("203.0.113.4").getStatus().getDescription())
        .isEqualTo("tandem.user.v1 was retired: see https://example.com/user-v2");

    write(lifecycle, DEPRECATED);
    await()
        .ignoreException(StatusRuntimeException.class)
        .untilAsserted(
            () -> assertThat(usersFor("203.0.113.5").getUser(ADA).getAge()).isEqualTo(36));
  }

  private UserServiceBlockingStub usersFor(String address) {
    Metadata forwarded = new Metadata();
    forwarded.put(Metadata.Key.of("x-forwarded-for", Metadata.ASCII_STRING_MARSHALLER), address);
    return UserServiceGrpc.newBlockingStub(channel)
        .withInterceptors(
            MetadataUtils.newAttachHeadersInterceptor(forwarded),
            MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()));
  }

  private StatusRuntimeException refusalOf(String address) {
    return Objects.requireNonNull(
        catchThrowableOfType(StatusRuntimeException.class, () -> usersFor(address).getUser(ADA)));
  }

  private static String announcement() {
    return "deprecated: 2026-12-01, sunset: 2027-06-01, link: 'https://example.com/user-v2'";
  }

  private static void write(Path file, String state) throws IOException {
    Path written = Files.createTempFile(file.getParent(), "next", ".yaml");
    Files.writeString(
        written, "apiVersion: tandem.dev/v1\npackages:\n  tandem.user.v1: %s\n".formatted(state));
    Files.move(written, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }
}

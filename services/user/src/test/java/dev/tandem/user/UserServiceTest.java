package dev.tandem.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.tandem.transport.ServerIdentityInterceptor;
import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.GetUserResponse;
import dev.tandem.user.v1.UserServiceGrpc;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceBlockingStub;
import dev.tandem.user.v1.WatchUserRequest;
import dev.tandem.user.v1.WatchUserResponse;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(MountedUsers.class)
class UserServiceTest {

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int grpcPort;

  @ConfigProperty(name = "quarkus.http.test-port")
  int httpPort;

  @Inject UserWatches watches;

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
  void givesAUser() {
    GetUserResponse user = users().getUser(request("ada"));

    assertThat(user)
        .isEqualTo(
            GetUserResponse.newBuilder()
                .setUserId("ada")
                .setName("Ada Lovelace")
                .setAge(36)
                .build());
  }

  @Test
  void givesTheSameUserWithTheirEmailInVersion2() {
    assertThat(usersV2().getUser(requestV2("ada")))
        .isEqualTo(
            dev.tandem.user.v2.GetUserResponse.newBuilder()
                .setUserId("ada")
                .setName("Ada Lovelace")
                .setAge(36)
                .setEmail("ada@example.com")
                .build());
  }

  @Test
  void watchesAUserInVersion2() {
    dev.tandem.user.v2.WatchUserResponse state =
        usersV2()
            .watchUser(dev.tandem.user.v2.WatchUserRequest.newBuilder().setUserId("ada").build())
            .next();

    assertThat(state.getEmail()).isEqualTo("ada@example.com");
    assertThat(state.getRevision()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", ""})
  void refusesInVersion2WhatVersion1Refuses(String userId) {
    StatusRuntimeException old =
        catchThrowableOfType(StatusRuntimeException.class, () -> users().getUser(request(userId)));

    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> usersV2().getUser(requestV2(userId)))
        .withMessage(old.getMessage());
  }

  @Test
  void doesNotFindAnUnknownUser() {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> users().getUser(request("nobody")))
        .withMessage("NOT_FOUND: no user has the user_id \"nobody\"");
  }

  @Test
  void refusesAMissingUserId() {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> users().getUser(request("")))
        .withMessage("INVALID_ARGUMENT: user_id is missing");
  }

  @Test
  void countsTheBytesOfAUserIdNotItsCharacters() {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> users().getUser(request("林".repeat(43))))
        .withMessage("INVALID_ARGUMENT: user_id is longer than 128 bytes");
  }

  @Test
  void namesTheServerOnRepliesAndErrors() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    UserServiceBlockingStub users =
        users().withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));

    users.getUser(request("ada"));
    assertThat(Objects.requireNonNull(headers.get()).get(ServerIdentityInterceptor.CLUSTER))
        .isEqualTo("local");

    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> users.getUser(request("nobody")))
        .satisfies(
            error ->
                assertThat(
                        Objects.requireNonNull(error.getTrailers())
                            .get(ServerIdentityInterceptor.CLUSTER))
                    .isEqualTo("local"));
  }

  @Test
  void streamsTheStateThenTheChangeThatAMountedFileMakes() throws Exception {
    Iterator<WatchUserResponse> states = users().watchUser(watch("ada"));
    WatchUserResponse first = states.next();
    try {
      MountedUsers.change(
          "{\"users\": [{\"user_id\": \"ada\", \"name\": \"Ada King\", \"age\": 36, \"email\": \"ada@example.com\"}]}");

      WatchUserResponse next = states.next();

      assertThat(first.getName()).isEqualTo("Ada Lovelace");
      assertThat(next.getName()).isEqualTo("Ada King");
      assertThat(next.getRevision()).isGreaterThan(first.getRevision());
    } finally {
      MountedUsers.change(
          "{\"users\": [{\"user_id\": \"ada\", \"name\": \"Ada Lovelace\", \"age\": 36, \"email\": \"ada@example.com\"}]}");
      assertThat(states.next().getName()).isEqualTo("Ada Lovelace");
    }
  }

  @Test
  void keepsTheUsersWhenAMountedFileIsMalformed() throws Exception {
    MountedUsers.change("{\"users\": oops");
    MountedUsers.change(
        "{\"users\": [{\"user_id\": \"ada\", \"name\": \"Ada Lovelace\", \"age\": 36, \"email\": \"ada@example.com\"}]}");

    assertThat(users().getUser(request("ada")).getName()).isEqualTo("Ada Lovelace");
  }

  @Test
  void forgetsAWatchThatIsCancelled() {
    try (Context.CancellableContext call = Context.current().withCancellation()) {
      call.run(() -> users().watchUser(watch("ada")).next());
      assertThat(watches.size()).isPositive();
    }

    await().untilAsserted(() -> assertThat(watches.size()).isZero());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tandem.user.v1.UserService", "tandem.user.v2.UserService"})
  void reportsItsHealthOverGrpc(String service) {
    HealthCheckRequest request = HealthCheckRequest.newBuilder().setService(service).build();

    await()
        .untilAsserted(
            () ->
                assertThat(HealthGrpc.newBlockingStub(channel).check(request).getStatus())
                    .isEqualTo(ServingStatus.SERVING));
  }

  @Test
  void doesNotSpeakForServicesThatItDoesNotHave() {
    HealthCheckRequest request =
        HealthCheckRequest.newBuilder().setService("tandem.payment.v1.PaymentService").build();

    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> HealthGrpc.newBlockingStub(channel).check(request))
        .withMessageStartingWith("NOT_FOUND");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/health/live", "/health/ready", "/health/started"})
  void reportsItsHealthOverHttp(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path)).build();

    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).contains("\"status\": \"UP\"");
    }
  }

  @Test
  void describesItselfByReflection() throws Exception {
    BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> reflection =
        ServerReflectionGrpc.newBlockingV2Stub(channel).serverReflectionInfo();
    reflection.write(ServerReflectionRequest.newBuilder().setListServices("").build());
    reflection.halfClose();

    ServerReflectionResponse response = Objects.requireNonNull(reflection.read());

    assertThat(response.getListServicesResponse().getServiceList())
        .extracting(ServiceResponse::getName)
        .contains("tandem.user.v1.UserService", "tandem.user.v2.UserService");
  }

  private UserServiceBlockingStub users() {
    return UserServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private dev.tandem.user.v2.UserServiceGrpc.UserServiceBlockingStub usersV2() {
    return dev.tandem.user.v2.UserServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private static dev.tandem.user.v2.GetUserRequest requestV2(String userId) {
    return dev.tandem.user.v2.GetUserRequest.newBuilder().setUserId(userId).build();
  }

  private static GetUserRequest request(String userId) {
    return GetUserRequest.newBuilder().setUserId(userId).build();
  }

  private static WatchUserRequest watch(String userId) {
    return WatchUserRequest.newBuilder().setUserId(userId).build();
  }
}

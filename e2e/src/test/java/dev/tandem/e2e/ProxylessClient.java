package dev.tandem.e2e;

import dev.tandem.caller.token.Credential;
import dev.tandem.caller.token.TokenSigner;
import dev.tandem.transport.ChannelFactory;
import dev.tandem.transport.TlsIdentity;
import dev.tandem.transport.TransportSettings;
import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.GetUserResponse;
import dev.tandem.user.v1.UserServiceGrpc;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs in a pod without Envoy: asks for a user again and again, over a channel of
 * platform/transport that the environment names, and writes one line for each call: {@code answered
 * CLUSTER POD NAME}, or {@code failed STATUS}.
 */
public final class ProxylessClient {

  private static final int CALLS = 60;
  private static final int DEADLINE_SECONDS = 5;

  private static final Metadata.Key<String> CLUSTER =
      Metadata.Key.of("tandem-cluster", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> POD =
      Metadata.Key.of("tandem-pod", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private ProxylessClient() {}

  /** Takes no arguments: settings come from the environment, as a service's do. */
  public static void main(String... none) throws InterruptedException {
    TransportSettings settings =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(new EnvConfigSource(System.getenv(), 300))
            .withConverter(Duration.class, 200, new DurationConverter())
            .withConverter(MemorySize.class, 200, new MemorySizeConverter())
            .withMapping(TransportSettings.class)
            .withValidateUnknown(false)
            .build()
            .getConfigMapping(TransportSettings.class);
    ManagedChannel users = new ChannelFactory(settings, TlsIdentity.none(), List.of()).open("user");
    Credential credential =
        TokenSigner.from(System.getenv()).map(TokenSigner::own).orElse(Credential.NONE);
    for (int call = 0; call < CALLS; call++) {
      System.out.println(ask(users, credential));
      TimeUnit.MILLISECONDS.sleep(500);
    }
    users.shutdownNow();
  }

  private static String ask(ManagedChannel users, Credential credential) {
    AtomicReference<Metadata> headers = new AtomicReference<>(new Metadata());
    ClientInterceptor capture =
        MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>());
    Metadata token = new Metadata();
    credential.authorization().ifPresent(value -> token.put(AUTHORIZATION, value));
    try {
      GetUserResponse reply =
          UserServiceGrpc.newBlockingStub(users)
              .withInterceptors(capture, MetadataUtils.newAttachHeadersInterceptor(token))
              .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
              .getUser(GetUserRequest.newBuilder().setUserId(Users.ONE).build());
      Metadata from = Objects.requireNonNull(headers.get(), "a reply has headers");
      return "answered %s %s %s".formatted(from.get(CLUSTER), from.get(POD), reply.getName());
    } catch (StatusRuntimeException e) {
      return "failed " + e.getStatus();
    }
  }
}

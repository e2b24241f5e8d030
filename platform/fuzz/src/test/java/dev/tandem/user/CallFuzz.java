package dev.tandem.user;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tandem.auth.FuzzIssuer;
import dev.tandem.lifecycle.CallsInFlight;
import dev.tandem.mirror.ComparedAnswers;
import dev.tandem.mirror.ShadowCalls;
import dev.tandem.ratelimit.Limit;
import dev.tandem.ratelimit.RateLimitInterceptor;
import dev.tandem.ratelimit.RateLimitMeter;
import dev.tandem.ratelimit.RateLimitPolicy;
import dev.tandem.resilience.DeadlineServerInterceptor;
import dev.tandem.telemetry.FuzzTelemetry;
import dev.tandem.transport.ServerIdentity;
import dev.tandem.transport.ServerIdentityInterceptor;
import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.versioning.ApiCallInterceptor;
import dev.tandem.versioning.ApiCallMeter;
import dev.tandem.versioning.LifecycleSource;
import dev.tandem.versioning.VersioningInterceptor;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call of the user service behind all interceptors of the platform, in the order that they have
 * in production: lines of metadata, {@code name: value}; an empty line; the bytes of the request.
 * The first line says what is called. Every call ends, and none with a status that means a mistake
 * of ours.
 */
final class CallFuzz {

  private static final Set<Status.Code> EXPECTED =
      EnumSet.of(
          Status.Code.OK,
          Status.Code.INVALID_ARGUMENT,
          Status.Code.NOT_FOUND,
          Status.Code.UNAUTHENTICATED,
          Status.Code.UNIMPLEMENTED);

  private static final String OPEN = "tandem.user.v1.UserService";

  /** Stands for a token that is in order. */
  private static final String VALID = "Bearer valid";

  private static final String TOKEN = "Bearer " + FuzzIssuer.validToken();

  private static final ManagedChannel CHANNEL = serve();

  private CallFuzz() {}

  private static ManagedChannel serve() {
    LiveUserDirectory directory =
        new LiveUserDirectory(List.of(new User("ada", "Ada Lovelace", 36, "ada@example.com")));
    UserWatches watches = new UserWatches(directory, new FuzzSettings());
    LifecycleSource lifecycle = LifecycleSource.packaged();
    var interceptors =
        List.of(
            new ServerIdentityInterceptor(new Identity("local", "fuzz", "1")),
            FuzzTelemetry.interceptor(),
            new CallsInFlight(),
            new VersioningInterceptor(lifecycle, ApiCallMeter.NONE),
            FuzzIssuer.interceptorExcept(OPEN),
            new ApiCallInterceptor(lifecycle, ApiCallMeter.NONE),
            new RateLimitInterceptor(
                RateLimitPolicy.of(Limit.of("10000000/s burst 10000000")), RateLimitMeter.NONE),
            new DeadlineServerInterceptor(Duration.ofSeconds(60)),
            new ShadowCalls(),
            new ComparedAnswers());
    try {
      InProcessServerBuilder server = InProcessServerBuilder.forName("fuzz").directExecutor();
      for (BindableService service :
          List.of(
              new UserGrpcService(directory, watches), new UserGrpcServiceV2(directory, watches))) {
        server.addService(ServerInterceptors.interceptForward(service, interceptors));
      }
      server.build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return InProcessChannelBuilder.forName("fuzz").directExecutor().build();
  }

  /** Jazzer's entry point. */
  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, ISO_8859_1);
    int end = text.indexOf("\n\n");
    String[] lines = (end < 0 ? text : text.substring(0, end)).split("\n", -1);
    byte[] request = end < 0 ? new byte[0] : Arrays.copyOfRange(input, end + 2, input.length);

    Status status = call(method(lines[0]), metadata(lines), request);

    if (!EXPECTED.contains(status.getCode()) && isReadable(request)) {
      throw new AssertionError("the call ended with " + status, status.getCause());
    }
  }

  private static boolean isReadable(byte[] request) {
    try {
      return GetUserRequest.parseFrom(request).isInitialized();
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  private static String method(String line) {
    return switch (line) {
      case "v2" -> "tandem.user.v2.UserService/GetUser";
      case "watch" -> OPEN + "/WatchUser";
      default -> OPEN + "/GetUser";
    };
  }

  private static Metadata metadata(String[] lines) {
    Metadata metadata = new Metadata();
    for (String line : Arrays.asList(lines).subList(1, lines.length)) {
      int colon = line.indexOf(": ");
      String name = line.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT);
      // gRPC's own metadata is read by gRPC.
      if (!name.matches("[a-z0-9_.-]+") || name.startsWith("grpc-") || name.equals("-bin")) {
        continue;
      }
      String value = line.substring(colon + 2);
      if (name.endsWith("-bin")) {
        metadata.put(
            Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER), value.getBytes(ISO_8859_1));
      } else {
        metadata.put(
            Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER),
            value.equals(VALID) ? TOKEN : value);
      }
    }
    return metadata;
  }

  private static Status call(String method, Metadata metadata, byte[] request) {
    Ending ending = new Ending();
    ClientCall<byte[], byte[]> call =
        CHANNEL.newCall(
            MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodType.UNKNOWN)
                .setFullMethodName(method)
                .setRequestMarshaller(Bytes.MARSHALLER)
                .setResponseMarshaller(Bytes.MARSHALLER)
                .build(),
            CallOptions.DEFAULT);
    call.start(ending, metadata);
    call.request(2);
    call.sendMessage(request);
    call.halfClose();
    if (ending.status == null && ending.answered) {
      // A watch goes on until somebody hangs up.
      call.cancel("seen enough", null);
      return Status.OK;
    }
    if (ending.status == null) {
      throw new AssertionError("the call neither ended nor was it answered");
    }
    return ending.status;
  }

  private static final class Ending extends ClientCall.Listener<byte[]> {

    private @Nullable Status status;
    private boolean answered;

    @Override
    public void onMessage(byte[] message) {
      answered = true;
    }

    @Override
    public void onClose(Status end, Metadata trailers) {
      status = end;
    }
  }

  private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
    MARSHALLER;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private record Identity(String cluster, String pod, String version) implements ServerIdentity {}

  private static final class FuzzSettings implements UserSettings {
    @Override
    public Optional<Path> directory() {
      return Optional.empty();
    }

    @Override
    public Duration heartbeat() {
      return Duration.ofSeconds(10);
    }

    @Override
    public String newestVersion() {
      return V2;
    }
  }
}

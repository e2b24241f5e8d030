package dev.tandem.mirror;

import static io.grpc.Metadata.ASCII_STRING_MARSHALLER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.StringValue;
import com.google.protobuf.WrappersProto;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparedAnswersTest {

  private static final Metadata.Key<String> REQUEST_ID =
      Metadata.Key.of("x-request-id", ASCII_STRING_MARSHALLER);

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final MethodDescriptor<StringValue, StringValue> ask;
  private final MethodDescriptor<StringValue, StringValue> order;
  private Server server;
  private ManagedChannel channel;

  ComparedAnswersTest() throws Exception {
    ask = method("Ask", IdempotencyLevel.NO_SIDE_EFFECTS);
    order = method("Order", IdempotencyLevel.IDEMPOTENT);
  }

  @BeforeEach
  void serve() throws Exception {
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(
                ServerInterceptors.intercept(
                    ServerServiceDefinition.builder("sample.Oracle")
                        .addMethod(ask, ServerCalls.asyncUnaryCall(ComparedAnswersTest::answer))
                        .addMethod(order, ServerCalls.asyncUnaryCall(ComparedAnswersTest::answer))
                        .build(),
                    new ComparedAnswers(lines::add)))
            .build()
            .start();
    channel =
        Grpc.newChannelBuilderForAddress(
                "127.0.0.1", server.getPort(), InsecureChannelCredentials.create())
            .build();
  }

  private static void answer(StringValue question, StreamObserver<StringValue> response) {
    if (question.getValue().isEmpty()) {
      response.onError(Status.INVALID_ARGUMENT.asRuntimeException());
      return;
    }
    response.onNext(StringValue.of(question.getValue() + "!"));
    response.onCompleted();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void logsTheDigestOfAnAnswerUnderTheIdOfTheCall() {
    call(ask, "who", "7f3c-1", "1");
    call(ask, "who", "7f3c-2", "1");
    call(ask, "when", "7f3c-3", "1");

    assertThat(lines).hasSize(3).allMatch(line -> line.startsWith("tandem-answer 7f3c-"));
    assertThat(outcomes().get(0)).startsWith("OK ").isEqualTo(outcomes().get(1));
    assertThat(outcomes().get(2)).isNotEqualTo(outcomes().get(0));
  }

  @Test
  void logsTheStatusOfARefusal() {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> call(ask, "", "7f3c", "1"));

    assertThat(lines).containsExactly("tandem-answer 7f3c sample.Oracle/Ask INVALID_ARGUMENT -");
  }

  @Test
  void staysSilentUnlessTheCallAsksForIt() {
    call(ask, "who", "7f3c", null);

    assertThat(lines).isEmpty();
  }

  @Test
  void staysSilentAboutWhatHasSideEffects() {
    call(order, "tea", "7f3c", "1");

    assertThat(lines).isEmpty();
  }

  @Test
  void choosesTheSameCallsEverywhere() {
    for (int i = 0; i < 100; i++) {
      call(ask, "who", "id-" + i, "10");
    }
    List<String> chosen = List.copyOf(lines);
    lines.clear();
    for (int i = 0; i < 100; i++) {
      call(ask, "who", "id-" + i, "10");
    }

    assertThat(chosen).hasSizeBetween(3, 30).isEqualTo(lines);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "all", "1000000000", ""})
  void ignoresAShareThatIsNone(String oneIn) {
    call(ask, "who", "7f3c", oneIn);

    assertThat(lines).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"7f3c OK 00", "../x", "\u001b[31m"})
  void keepsForeignTextOutOfTheLog(String id) {
    call(ask, "who", id, "1");

    assertThat(lines).isEmpty();
  }

  private List<String> outcomes() {
    return lines.stream().map(line -> line.substring(line.indexOf("Ask ") + 4)).toList();
  }

  private void call(
      MethodDescriptor<StringValue, StringValue> method,
      String question,
      String id,
      @Nullable String oneIn) {
    Metadata headers = new Metadata();
    headers.put(REQUEST_ID, id);
    if (oneIn != null) {
      headers.put(ComparedAnswers.ONE_IN, oneIn);
    }
    ClientCalls.blockingUnaryCall(
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
        method,
        CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
        StringValue.of(question));
  }

  private static MethodDescriptor<StringValue, StringValue> method(
      String name, IdempotencyLevel level) throws Exception {
    FileDescriptorProto.Builder file =
        FileDescriptorProto.newBuilder()
            .setName("oracle.proto")
            .setPackage("sample")
            .addDependency("google/protobuf/wrappers.proto");
    file.addServiceBuilder()
        .setName("Oracle")
        .addMethod(
            MethodDescriptorProto.newBuilder()
                .setName(name)
                .setInputType(".google.protobuf.StringValue")
                .setOutputType(".google.protobuf.StringValue")
                .setOptions(MethodOptions.newBuilder().setIdempotencyLevel(level)));
    ServiceDescriptor service =
        FileDescriptor.buildFrom(file.build(), new FileDescriptor[] {WrappersProto.getDescriptor()})
            .getServices()
            .getFirst();
    return MethodDescriptor.<StringValue, StringValue>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName("sample.Oracle/" + name)
        .setRequestMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
        .setResponseMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
        .setSchemaDescriptor(
            new ProtoMethodDescriptorSupplier() {
              @Override
              public Descriptors.MethodDescriptor getMethodDescriptor() {
                return service.getMethods().getFirst();
              }

              @Override
              public ServiceDescriptor getServiceDescriptor() {
                return service;
              }

              @Override
              public FileDescriptor getFileDescriptor() {
                return service.getFile();
              }
            })
        .build();
  }
}

package dev.tandem.payment;

import static dev.tandem.payment.PaymentCaller.aCharge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.payment.v1.ChargeRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One trace from a caller, through the service and its virtual threads, to the user service. */
@QuarkusTest
@WithTestResource(Surroundings.class)
@WithTestResource(SpanCollector.class)
class TelemetryTest {

  private static final String CALLERS_SPAN = "00f067aa0ba902b7";

  private final PaymentCaller caller = new PaymentCaller();
  private final String trace = newTrace();

  @BeforeEach
  void awaitReadiness() {
    PaymentCaller.awaitReadiness();
    Surroundings.users().forgetHeaders();
  }

  @AfterEach
  void disconnect() {
    caller.close();
  }

  @Test
  void callerPaymentAndUserAreParentAndChild() throws Exception {
    charge(aCharge().build());

    Span server = span(SpanKind.SPAN_KIND_SERVER);
    Span client = span(SpanKind.SPAN_KIND_CLIENT);
    assertThat(SpanCollector.hex(server.getParentSpanId())).isEqualTo(CALLERS_SPAN);
    assertThat(server.getName()).isEqualTo("tandem.payment.v1.PaymentService/Charge");
    assertThat(client.getParentSpanId()).isEqualTo(server.getSpanId());
    assertThat(client.getName()).isEqualTo("tandem.user.v1.UserService/GetUser");
    Metadata atTheUserService = Objects.requireNonNull(Surroundings.users().nextHeaders());
    assertThat(atTheUserService.get(key("traceparent")))
        .isEqualTo("00-" + trace + "-" + SpanCollector.hex(client.getSpanId()) + "-01");
    assertThat(atTheUserService.get(key("x-b3-spanid")))
        .isEqualTo(SpanCollector.hex(client.getSpanId()));
    assertThat(atTheUserService.get(key("tandem-caller-cluster"))).isEqualTo("local");
  }

  @Test
  void manyChargesAtOnceDoNotMixTheirTraces() {
    List<String> traces = Stream.generate(TelemetryTest::newTrace).limit(20).toList();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      traces.forEach(each -> executor.execute(() -> chargeUntilItSucceeds(each)));
    }

    for (String each : traces) {
      await().untilAsserted(() -> assertThat(clients(each)).isNotEmpty());
      assertThat(clients(each))
          .extracting(Span::getParentSpanId)
          .isSubsetOf(servers(each).stream().map(Span::getSpanId).toList());
    }
  }

  /** Twenty at once may wait for a connection longer than one may take; a caller tries again. */
  private void chargeUntilItSucceeds(String inTrace) {
    ChargeRequest request = aCharge().build();
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
        .until(
            () -> {
              charge(inTrace, request);
              return true;
            });
  }

  private static List<Span> servers(String ofTrace) {
    return SpanCollector.spansOf(ofTrace, SpanKind.SPAN_KIND_SERVER);
  }

  private static List<Span> clients(String ofTrace) {
    return SpanCollector.spansOf(ofTrace, SpanKind.SPAN_KIND_CLIENT);
  }

  private static String newTrace() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  @Test
  void aDatabaseThatIsGoneIsAnErrorOfThePaymentsSpan() throws Exception {
    Surroundings.wire().silence();
    try {
      assertThat(refusal(aCharge().build()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    } finally {
      Surroundings.wire().speak();
    }

    assertThat(span(SpanKind.SPAN_KIND_SERVER).getStatus().getCode())
        .isEqualTo(io.opentelemetry.proto.trace.v1.Status.StatusCode.STATUS_CODE_ERROR);
  }

  private Status refusal(ChargeRequest request) {
    try {
      charge(request);
      throw new AssertionError("not refused");
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  private void charge(ChargeRequest request) {
    charge(trace, request);
  }

  private void charge(String inTrace, ChargeRequest request) {
    Metadata headers = new Metadata();
    headers.put(key("traceparent"), "00-" + inTrace + "-" + CALLERS_SPAN + "-01");
    caller
        .payments()
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .charge(request);
  }

  private Span span(SpanKind kind) {
    return await()
        .until(() -> SpanCollector.spansOf(trace, kind), spans -> !spans.isEmpty())
        .getFirst();
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}

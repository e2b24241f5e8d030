package dev.tandem.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The service as it runs, with a real Kafka. */
@QuarkusTest
@WithTestResource(RunningKafka.class)
@SuppressWarnings("NullAway.Init") // Quarkus sets the fields.
class LogServiceTest {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TestHTTPResource("/logs")
  URI logs;

  @Inject MeterRegistry meters;

  private final Instant now = Instant.now();
  private final HttpClient http = HttpClient.newHttpClient();
  private final String trace = UUID.randomUUID().toString().replace("-", "");

  @Test
  void findsTheLinesOfATrace() throws Exception {
    RunningKafka.server()
        .send(
            List.of(
                Exports.of(now, trace, "first"),
                Exports.of(now, "0000000000000000000000000000000f", "of another"),
                Exports.of(now.plusMillis(1), trace, "second")));

    awaitMessages(2);
    assertThat(messages()).containsExactly("first", "second");
    JsonObject line = found().getJsonArray("lines").getJsonObject(0);
    assertThat(line.getString("cluster")).isEqualTo("beijing");
    assertThat(line.getString("pod")).isEqualTo("payment-0");
    assertThat(line.getString("trace_id")).isEqualTo(trace);
    assertThat(line.getInstant("time")).isEqualTo(now);
  }

  @Test
  void takesEachLineOnceThoughTheBrokerIsKilled() throws Exception {
    RunningKafka.server().send(lines(0, 300));
    RunningKafka.server().kill();
    RunningKafka.server().restart();
    RunningKafka.server().send(lines(300, 600));

    awaitMessages(600);
    assertThat(messages())
        .containsExactlyElementsOf(IntStream.range(0, 600).mapToObj(Integer::toString).toList());
    assertThat(meters.counter("tandem.logs.missed").count()).isZero();
  }

  @Test
  void findsWhatItHasWhileTheBrokerIsGone() throws Exception {
    RunningKafka.server().send(lines(0, 10));
    awaitMessages(10);

    RunningKafka.server().kill();
    try {
      double failures = meters.counter("tandem.logs.failures").count();
      await("the outage to be counted")
          .atMost(LIMIT)
          .until(() -> meters.counter("tandem.logs.failures").count() > failures);
      assertThat(messages()).hasSize(10);
    } finally {
      RunningKafka.server().restart();
    }
  }

  @Test
  void skipsAndCountsWhatIsNoLine() throws Exception {
    double before = meters.counter("tandem.logs.skipped").count();
    RunningKafka.server().send(List.of("no export".getBytes(UTF_8), new byte[] {-1, -1}));
    RunningKafka.server().send(lines(0, 1));

    awaitMessages(1);
    await("the records that are no lines to be counted")
        .atMost(LIMIT)
        .until(() -> meters.counter("tandem.logs.skipped").count() == before + 2);
  }

  @Test
  void saysWhatIsWrongWithAQuestion() throws Exception {
    HttpResponse<String> answer = get("?trace_id=abc");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(answer.body()).getString("error"))
        .isEqualTo("trace_id is \"abc\": write 32 hexadecimal digits");
  }

  private List<byte[]> lines(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(number -> Exports.of(now.plusMillis(number), trace, Integer.toString(number)))
        .toList();
  }

  private void awaitMessages(int count) {
    await("%d lines of trace %s".formatted(count, trace))
        .atMost(LIMIT)
        .until(() -> messages().size() >= count);
  }

  private List<String> messages() throws IOException, InterruptedException {
    List<String> messages = new ArrayList<>();
    found()
        .getJsonArray("lines")
        .forEach(line -> messages.add(((JsonObject) line).getString("message")));
    return messages;
  }

  private JsonObject found() throws IOException, InterruptedException {
    return new JsonObject(get("?limit=1000&trace_id=" + trace).body());
  }

  private HttpResponse<String> get(String query) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(logs + query)).timeout(LIMIT).build(),
        BodyHandlers.ofString());
  }
}

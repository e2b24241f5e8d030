package dev.tandem.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.user.v1.GetUserResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Started by scripts/bench.sh, which says what the arguments are. */
final class Main {

  private Main() {}

  /**
   * Measures, and prints the tables.
   *
   * @param arguments the user service's quarkus-app folder, how many rounds, a folder to work in
   */
  static void main(String[] arguments) throws IOException, InterruptedException {
    Path application = Path.of(arguments[0]).toAbsolutePath();
    int rounds = Integer.parseInt(arguments[1]);
    Path work = Files.createDirectories(Path.of(arguments[2]).toAbsolutePath());
    Path cache = work.resolve("user.aot");
    Credentials credentials = Credentials.issued(work);
    Processes processes = new Processes();
    H2load h2load =
        new H2load(
            work,
            UserCalls.framed(UserCalls.REQUEST.toByteArray()),
            UserCalls.framed(reply().toByteArray()).length,
            List.of(
                "content-type: application/grpc",
                "te: trailers",
                // Every client of the platform has a deadline.
                "grpc-timeout: 5S",
                "authorization: Bearer " + credentials.token()),
            processes);
    try (Collector collector = new Collector()) {
      Variant cached = Variant.platform("user service, AOT cache", "-XX:AOTCache=" + cache);
      Variant traced =
          Variant.PLATFORM.with(
              "user service, spans exported",
              Map.of(
                  "TANDEM_TELEMETRY_EXPORT",
                  "otlp",
                  "TANDEM_TELEMETRY_ENDPOINT",
                  collector.address().toString()));
      Benchmark benchmark =
          new Benchmark(
              new Launcher(application, work, credentials, processes),
              h2load,
              new SteadyLoad(credentials.token()),
              cached,
              traced);
      benchmark.train(cache);
      System.out.write(
          new Report(benchmark.run(rounds), cached, traced).markdown().getBytes(UTF_8));
      System.out.flush();
    }
  }

  /** What the user service's data says of whom the load asks for. */
  private static GetUserResponse reply() {
    return GetUserResponse.newBuilder().setUserId("ada").setName("Ada Lovelace").setAge(36).build();
  }
}

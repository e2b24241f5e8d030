package dev.tandem.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.user.v1.GetUserResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Started by scripts/bench.sh, which says what the arguments are. */
final class Main {

  private Main() {}

  /**
   * Measures one part, and prints its tables.
   *
   * @param arguments how many rounds, a folder to work in, the part; for {@code calls} and {@code
   *     switches} the user service's quarkus-app folder, for {@code start} the files of its image
   *     without a cache and with one, and the folder of a JDK; for {@code registry} etcd
   */
  static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException {
    int rounds = Integer.parseInt(arguments[0]);
    Path work = Files.createDirectories(Path.of(arguments[1]).toAbsolutePath());
    Processes processes = new Processes();
    if (arguments[2].equals("registry")) {
      print(new RegistryBenchmark(Path.of(arguments[3]), work, processes).run(rounds));
      return;
    }
    List<Path> files =
        Arrays.stream(arguments).skip(3).map(file -> Path.of(file).toAbsolutePath()).toList();
    Credentials credentials = Credentials.issued(work);
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
      Part part =
          switch (arguments[2]) {
            case "calls" -> Part.calls(files.getFirst());
            case "switches" -> Part.switches(files.getFirst(), collector);
            case "start" -> Part.start(files.getFirst(), files.get(1), files.getLast());
            default -> throw new IllegalArgumentException("no part is called " + arguments[2]);
          };
      Benchmark benchmark =
          new Benchmark(
              new Launcher(work, credentials, processes),
              h2load,
              new SteadyLoad(credentials.token()),
              part);
      print(new Report(part, benchmark.run(rounds)).markdown());
    }
  }

  private static void print(String tables) throws IOException {
    System.out.write(tables.getBytes(UTF_8));
    System.out.flush();
  }

  /** What the user service's data says of whom the load asks for. */
  private static GetUserResponse reply() {
    return GetUserResponse.newBuilder().setUserId("ada").setName("Ada Lovelace").setAge(36).build();
  }
}

package dev.tandem.bench;

import dev.tandem.bench.Comparison.Goal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;

/**
 * Servers that are measured in turn, and what is asked of their figures.
 *
 * @param title for people
 * @param variants all servers
 * @param starts how often each is started in a round; the last start is the one that is measured on
 * @param steady those that also get a steady load, at half of what the first of them does at most
 * @param questions which of their figures are compared
 */
record Part(
    String title,
    List<Variant> variants,
    int starts,
    List<Variant> steady,
    List<Question> questions) {

  /**
   * Two servers' figures of the same kind.
   *
   * @param what is judged
   * @param first whose figure
   * @param second whose figure it is divided by
   * @param figure of one round
   * @param goal what the ratio should be
   */
  record Question(
      String what,
      Variant first,
      Variant second,
      ToDoubleBiFunction<Round, Variant> figure,
      Goal goal) {

    private static Question throughput(String what, Variant first, Variant second, Goal goal) {
      return new Question("throughput: " + what, first, second, Round::callsPerSecond, goal);
    }

    private static Question p99(String what, Variant first, Variant second, Goal goal) {
      return new Question("p99 at half load: " + what, first, second, Round::p99, goal);
    }

    private static Question start(String what, Variant first, Variant second, Goal goal) {
      return new Question(
          "start to first answer: " + what, first, second, Round::startMillis, goal);
    }

    Comparison in(List<Round> rounds) {
      return new Comparison(
          what,
          second.name(),
          goal,
          rounds.stream().map(round -> figure.applyAsDouble(round, first)).toList(),
          rounds.stream().map(round -> figure.applyAsDouble(round, second)).toList());
    }
  }

  /** The user service with everything on against grpc-java alone. */
  static Part calls(Path application) {
    Variant pool = Variant.bare("bare grpc-java");
    Variant loop = Variant.bare("bare grpc-java on the event loop", BareServer.ON_EVENT_LOOP);
    Variant service = Variant.service("user service", application);
    String everything = "user service, all of the platform on";
    return new Part(
        "What the platform costs",
        List.of(pool, loop, service),
        1,
        List.of(pool, loop, service),
        List.of(
            Question.throughput(everything, service, pool, new Goal.AtLeast(0.95)),
            Question.throughput(everything, service, loop, new Goal.AtLeast(0.95)),
            Question.p99(everything, service, pool, new Goal.AtMost(1.15)),
            Question.p99(everything, service, loop, new Goal.AtMost(1.15))));
  }

  /** What single parts of the platform cost. */
  static Part switches(Path application, Collector collector) {
    Variant service = Variant.service("user service", application);
    Variant noAuth = service.with("without auth", Map.of("TANDEM_AUTH_ENABLED", "false"));
    Variant noLimiter =
        service.with("without limiter", Map.of("TANDEM_RATELIMIT_ENABLED", "false"));
    Variant notObserved =
        service.with(
            "without telemetry", Map.of("TANDEM_TELEMETRY_IGNORED_SERVICES", UserCalls.SERVICE));
    Variant traced =
        service.with(
            "user service, spans exported",
            Map.of(
                "TANDEM_TELEMETRY_EXPORT",
                "otlp",
                "TANDEM_TELEMETRY_ENDPOINT",
                collector.address().toString()));
    Goal none = new Goal.None();
    Goal atLeast = new Goal.AtLeast(0.93);
    Goal atMost = new Goal.AtMost(1.15);
    String metrics = "telemetry on (metrics, trace ids)";
    String spans = "telemetry on, a span of every call exported";
    return new Part(
        "What its parts cost",
        List.of(service, noAuth, noLimiter, notObserved, traced),
        1,
        List.of(notObserved, service, traced),
        List.of(
            Question.throughput("auth on", service, noAuth, none),
            Question.throughput("limiter on", service, noLimiter, none),
            Question.throughput(metrics, service, notObserved, atLeast),
            Question.p99(metrics, service, notObserved, atMost),
            Question.throughput(spans, traced, notObserved, atLeast),
            Question.p99(spans, traced, notObserved, atMost)));
  }

  /**
   * What a start-up cache brings.
   *
   * @param image the files of the user's image without a cache
   * @param cachedImage those of the one with a cache
   * @param wholeJdk the folder of a JDK, which has an archive of its own classes
   */
  static Part start(Path image, Path cachedImage, Path wholeJdk) {
    Variant plain = of("image without a cache", image);
    Variant onJdk = of("the same on a whole JDK", image).on(wholeJdk);
    String cache = "-XX:AOTCache=" + cachedImage.resolve("app/app.aot");
    Variant cached = of("image with an AOT cache", cachedImage, cache);
    Variant quick =
        of("AOT cache, first compiler only", cachedImage, cache, "-XX:TieredStopAtLevel=1");
    Goal third = new Goal.AtMost(0.35);
    return new Part(
        "What a start-up cache brings",
        List.of(plain, onJdk, cached, quick),
        5,
        List.of(),
        List.of(
            Question.start("with an AOT cache", cached, plain, third),
            Question.start("with an AOT cache", cached, onJdk, third),
            Question.start("with an AOT cache and C1 only", quick, plain, third),
            Question.throughput("with an AOT cache", cached, plain, new Goal.AtLeast(0.98)),
            Question.throughput(
                "with an AOT cache and C1 only", quick, plain, new Goal.AtLeast(0.98))));
  }

  private static Variant of(String name, Path image, String... options) {
    return Variant.service(name, image.resolve("app")).on(image.resolve("opt/java"), options);
  }
}

package dev.tandem.logs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** A real Kafka of one broker, which is its own controller (KRaft). */
final class KafkaServer implements AutoCloseable {

  static final String TOPIC = "logs";

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Path JARS = Path.of("../../build/kafka").toAbsolutePath().normalize();

  private final Path folder;
  private final int port;
  private Process process;

  private KafkaServer(Path folder, int port) throws IOException, InterruptedException {
    this.folder = folder;
    this.port = port;
    writeSettings(freePort());
    run(
        "kafka.tools.StorageTool",
        "format",
        "--cluster-id=MkU3OEVBNTcwNTJENDM2Qk",
        "--config=" + settings());
    process = launch();
  }

  /** Returns when it answers and has its topic. */
  static KafkaServer start() throws IOException, InterruptedException {
    if (!Files.isDirectory(JARS)) {
      throw new IllegalStateException(
          "%s is missing: make check-java puts Kafka's jars there".formatted(JARS));
    }
    Path folder =
        Files.createTempDirectory(Files.createDirectories(Path.of("target/servers")), "kafka")
            .toAbsolutePath();
    KafkaServer server = new KafkaServer(folder, freePort());
    server.await(
        admin ->
            admin
                .createTopics(List.of(new NewTopic(TOPIC, Optional.of(3), Optional.empty())))
                .all()
                .get());
    return server;
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private Path settings() {
    return folder.resolve("server.properties");
  }

  private void writeSettings(int controller) throws IOException {
    Files.writeString(
        settings(),
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        controller.listener.names=CONTROLLER
        listeners=CLIENTS://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=CLIENTS://127.0.0.1:%1$d
        inter.broker.listener.name=CLIENTS
        listener.security.protocol.map=CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT
        log.dirs=%3$s
        offsets.topic.replication.factor=1
        auto.create.topics.enable=false
        """
            .formatted(port, controller, folder.resolve("data")));
  }

  private static ProcessBuilder java(Path log, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                JARS + "/*"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
  }

  private Path log() {
    return folder.resolve("kafka.log");
  }

  private void run(String... arguments) throws IOException, InterruptedException {
    Process once = java(log(), arguments).start();
    if (!once.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || once.exitValue() != 0) {
      once.destroyForcibly();
      throw new IOException("%s failed: see %s".formatted(arguments[0], log()));
    }
  }

  private Process launch() throws IOException {
    return java(log(), "kafka.Kafka", settings().toString()).start();
  }

  /** For the clients. */
  String address() {
    return "127.0.0.1:" + port;
  }

  /** Something that works when Kafka does. */
  @FunctionalInterface
  private interface Question {
    void ask(Admin admin) throws ExecutionException, InterruptedException;
  }

  private void await(Question question) {
    Awaitility.await("Kafka to answer; see " + log())
        .atMost(LIMIT)
        .ignoreExceptions()
        .failFast(() -> !process.isAlive())
        .until(
            () -> {
              try (Admin admin =
                  Admin.create(
                      Map.of(
                          "bootstrap.servers", address(),
                          "request.timeout.ms", 2000,
                          "default.api.timeout.ms", 5000))) {
                question.ask(admin);
                return true;
              }
            });
  }

  /** Returns when all records are stored. */
  void send(List<byte[]> values) throws ExecutionException, InterruptedException {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                address(),
                ProducerConfig.ACKS_CONFIG,
                "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<?>> stored = new ArrayList<>();
      for (byte[] value : values) {
        stored.add(producer.send(new ProducerRecord<>(TOPIC, value)));
      }
      for (var each : stored) {
        var _ = each.get();
      }
    }
  }

  /** SIGKILL; returns when it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("Kafka does not end");
    }
  }

  /** Starts it again, and returns when it answers. */
  void restart() throws IOException {
    process = launch();
    await(admin -> admin.describeTopics(List.of(TOPIC)).allTopicNames().get());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

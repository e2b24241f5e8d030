package dev.tandem.logs;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.lucene.store.AlreadyClosedException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings what is in Kafka into the index, in order, each record once. It is in no group of
 * consumers: how far it has come is in the index, beside the lines. While Kafka cannot be used,
 * what is in the index can be found. When the disk cannot, the index is opened anew, as it was when
 * it was last written.
 */
@Singleton
final class LogConsumer {

  private static final Logger LOG = Logger.getLogger(LogConsumer.class);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration HOUSEKEEPING = Duration.ofMinutes(1);

  /** Kafka's client is silent about brokers that are gone; whoever asks them something is told. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration END = Duration.ofSeconds(10);

  private final LogSettings settings;
  private final LogMetrics metrics;
  private final InstantSource clock = InstantSource.system();
  private final CountDownLatch ending = new CountDownLatch(1);
  private volatile @Nullable LogIndex index;
  private @Nullable Thread thread;
  private Duration pause = FIRST_PAUSE;
  private String saidLast = "";

  @Inject
  LogConsumer(LogSettings settings, LogMetrics metrics) {
    this.settings = settings;
    this.metrics = metrics;
  }

  void start(@Observes StartupEvent event) {
    thread = Thread.ofPlatform().name("log-consumer").start(this::run);
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    ending.countDown();
    if (thread != null && !thread.join(END)) {
      LOG.warnf("Ending without the last lines: they are read again by the next process");
    }
  }

  /** The index, once it could be opened. */
  Optional<LogIndex> index() {
    return Optional.ofNullable(index);
  }

  private boolean ends() {
    return ending.getCount() == 0;
  }

  private void run() {
    while (!ends()) {
      try {
        follow(open());
      } catch (KafkaException | ExecutionException e) {
        complain("Kafka at %s".formatted(settings.kafka().brokers()), e);
      } catch (IOException | UncheckedIOException | AlreadyClosedException e) {
        complain("The index in %s".formatted(settings.index().folder()), e);
        // What was read since the last commit is read again.
        close();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        break;
      } catch (RuntimeException e) {
        LOG.error("A defect in taking lines", e);
        close();
      }
      rest();
    }
    close();
  }

  /** Waits, unless this ends; longer each time. */
  private void rest() {
    try {
      var _ = ending.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      ending.countDown();
    }
    Duration next = pause.multipliedBy(2);
    Duration longest = settings.kafka().retry();
    pause = next.compareTo(longest) < 0 ? next : longest;
  }

  private LogIndex open() throws IOException {
    LogIndex open = index;
    if (open == null) {
      open = LogIndex.open(settings.index().folder());
      index = open;
    }
    return open;
  }

  private void close() {
    LogIndex open = index;
    index = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.debug("The index is closed by force", e);
      }
    }
  }

  private void complain(String about, Exception problem) {
    metrics.failed();
    Throwable reason =
        problem instanceof ExecutionException && problem.getCause() != null
            ? problem.getCause()
            : problem;
    String words = "%s: %s".formatted(about, reason);
    if (!words.equals(saidLast)) {
      LOG.warn(words + "; trying again until it works");
      saidLast = words;
    }
  }

  private void settled() {
    if (!saidLast.isEmpty()) {
      LOG.info("Lines are taken again");
      saidLast = "";
    }
  }

  private Map<String, Object> connection() {
    return Map.of(
        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
        settings.kafka().brokers(),
        CommonClientConfigs.CLIENT_ID_CONFIG,
        "tandem-logs",
        CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
        Math.toIntExact(ANSWER.toMillis()),
        CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
        Math.toIntExact(ANSWER.toMillis()));
  }

  private Consumer<byte[], byte[]> consumer() {
    Map<String, Object> config = new HashMap<>(connection());
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // What Kafka has forgotten is counted, and the rest is read.
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private String topicId() throws ExecutionException, InterruptedException {
    String topic = settings.kafka().topic();
    try (Admin admin = Admin.create(connection())) {
      return admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .thenApply(found -> requireNonNull(found.get(topic)).topicId())
          .get()
          .toString();
    }
  }

  /** Takes lines until this ends, or fails; what was taken by then is committed. */
  private void follow(LogIndex open) throws IOException, ExecutionException, InterruptedException {
    try (Consumer<byte[], byte[]> consumer = consumer()) {
      open.follow(topicId());
      List<TopicPartition> partitions =
          consumer.partitionsFor(settings.kafka().topic()).stream()
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList();
      consumer.assign(partitions);
      partitions.forEach(partition -> consumer.seek(partition, open.next(partition.partition())));
      pause = FIRST_PAUSE;
      take(consumer, partitions, open);
    } finally {
      open.commit();
    }
  }

  private void take(
      Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, LogIndex open)
      throws IOException {
    long committed = System.nanoTime();
    long housekept = committed;
    long heard = committed;
    while (!ends()) {
      for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
        take(open, each);
      }
      long now = System.nanoTime();
      if (now - housekept >= HOUSEKEEPING.toNanos()) {
        keepHouse(open);
        housekept = now;
      }
      if (now - committed >= settings.index().commit().toNanos()) {
        open.commit();
        committed = now;
      }
      if (now - heard >= HEARTBEAT.toNanos()) {
        metrics.behind(behind(consumer, partitions));
        metrics.bytes(open.bytes());
        settled();
        heard = now;
      }
    }
  }

  private void take(LogIndex open, ConsumerRecord<byte[], byte[]> entry) throws IOException {
    long expected = open.next(entry.partition());
    if (entry.offset() > expected) {
      metrics.missed(entry.offset() - expected);
      LOG.warnf(
          "Kafka has forgotten %d records of %s before they were read: give the topic a longer retention, or this service more time",
          entry.offset() - expected, entry.topic());
    }
    List<LogLine> lines = linesOf(entry);
    open.add(entry.partition(), entry.offset(), lines);
    metrics.indexed(lines.size());
  }

  private List<LogLine> linesOf(ConsumerRecord<byte[], byte[]> entry) {
    try {
      if (entry.value() != null) {
        return OtlpLogs.read(entry.value());
      }
    } catch (InvalidProtocolBufferException e) {
      LOG.debugf(e, "Record %d of %s", entry.offset(), entry.topic());
    }
    metrics.skipped();
    return List.of();
  }

  private void keepHouse(LogIndex open) throws IOException {
    open.forget(clock.instant().minus(settings.index().keep()));
    var _ = open.shrink(settings.index().limit().asLongValue());
    open.commit();
  }

  /**
   * How many records wait.
   *
   * @throws KafkaException when no broker answers
   */
  private static long behind(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
    return consumer.endOffsets(partitions).entrySet().stream()
        .mapToLong(end -> end.getValue() - consumer.position(end.getKey()))
        .sum();
  }
}

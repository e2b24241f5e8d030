package dev.tandem.bench;

import dev.tandem.registry.EtcdServiceRegistry;
import dev.tandem.registry.Instances;
import dev.tandem.registry.InstancesListener;
import dev.tandem.registry.RegistryMeter;
import dev.tandem.registry.RegistrySettings;
import dev.tandem.registry.ServiceRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * A process that watches many services and does nothing else, so that what it uses is what watching
 * costs. It prints a line with its figures when it knows all instances, and one whenever it is
 * given a line.
 */
final class RegistryClient {

  /** The version of a service's first instance after which no change follows for a while. */
  static final String LAST = "last";

  private static final int PATIENCE_SECONDS = 300;

  private RegistryClient() {}

  /** The library's defaults, but for the place. */
  static RegistrySettings settings(String endpoint) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withSources(
            new PropertiesConfigSource(
                Map.of("tandem.registry.type", "etcd", "tandem.registry.endpoints", endpoint),
                "benchmark",
                100))
        .withConverter(Duration.class, 200, (Converter<Duration>) RegistryClient::duration)
        .withMapping(RegistrySettings.class)
        .build()
        .getConfigMapping(RegistrySettings.class);
  }

  private static Duration duration(String text) {
    return Duration.parse("PT" + text);
  }

  /** The name of a service of many. */
  static String service(int number) {
    return "service-" + number;
  }

  /**
   * Prints {@code ready} when all instances are known, {@code now} for a line of input, and {@code
   * last} when it has seen a last change; each with the heap that is in use after a collection,
   * bytes, and the processor time so far, nanoseconds. Ends with its input.
   *
   * @param arguments etcd's host and port, how many services, how many instances each has
   */
  static void main(String[] arguments) throws IOException, InterruptedException {
    int services = Integer.parseInt(arguments[1]);
    int instances = Integer.parseInt(arguments[2]);
    CountDownLatch known = new CountDownLatch(services);
    try (ServiceRegistry registry =
            new EtcdServiceRegistry(settings(arguments[0]), RegistryMeter.NONE);
        BufferedReader input =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (int number = 0; number < services; number++) {
        var _ = registry.watch(service(number), new Follower(instances, known));
      }
      if (!known.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("waited %d s for all instances".formatted(PATIENCE_SECONDS));
      }
      say("ready");
      while (input.readLine() != null) {
        say("now");
      }
    }
  }

  /** Of one service. */
  private static final class Follower implements InstancesListener {
    private final int instances;
    private final CountDownLatch known;
    private boolean first = true;

    Follower(int instances, CountDownLatch known) {
      this.instances = instances;
      this.known = known;
    }

    @Override
    public void changed(Instances now) {
      if (now.instances().size() != instances) {
        throw new IllegalStateException(
            "%s has %d instances instead of %d"
                .formatted(now.service(), now.instances().size(), instances));
      }
      if (first) {
        first = false;
        known.countDown();
      }
      if (now.instances().getFirst().version().equals(LAST)) {
        say("last");
      }
    }
  }

  private static void say(String word) {
    long processor =
        ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime();
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    System.out.println(word + " " + heap + " " + processor);
  }
}

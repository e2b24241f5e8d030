package dev.tandem.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The contract, on etcd, and what only etcd does to those who follow it. */
class EtcdServiceRegistryTest extends ServiceRegistryContract {

  @Override
  RegistryServer start() throws Exception {
    return EtcdServer.start();
  }

  @Test
  void changesThatEtcdHasForgottenEndTheFeedAndAreInTheNextList() throws Exception {
    try (KeyServer keys = keys()) {
      try (KeyServer.Feed feed = keys.follow("compacted")) {
        Listing before = feed.next();
        server().put("compacted/a", "1".getBytes(UTF_8));
        server().put("compacted/b", "2".getBytes(UTF_8));
        ((EtcdServer) server()).compact();

        assertThat(before.values()).isEmpty();
        assertThatThrownBy(feed::next)
            .isInstanceOf(ServerFailure.Unreachable.class)
            .hasMessageContaining("has forgotten changes before revision");
      }
      try (KeyServer.Feed next = keys.follow("compacted")) {
        assertThat(next.next().values()).containsOnlyKeys("a", "b");
      }
    }
  }

  /** Nothing piles up in this process: gRPC's flow control lets etcd wait. */
  @Test
  void aFeedThatIsReadLateHasEveryChangeInItsOrder() throws Exception {
    int changes = 2000;
    try (KeyServer keys = keys();
        KeyServer.Feed feed = keys.follow("slow")) {
      long revision = feed.next().revision();
      server().put("slow/a", "first".getBytes(UTF_8));
      assertThat(feed.next().values()).containsOnlyKeys("a");
      for (int change = 0; change < changes; change++) {
        server().put("slow/a", Integer.toString(change).getBytes(UTF_8));
      }

      String last = "";
      while (!last.equals(Integer.toString(changes - 1))) {
        Listing now = feed.next();
        assertThat(now.revision()).isGreaterThanOrEqualTo(revision);
        revision = now.revision();
        last = Objects.requireNonNull(now.values().get("a")).content().toStringUtf8();
      }
    }
  }

  private KeyServer keys() {
    RegistrySettings settings = TestSettings.of(settings("timeout", "30s"));
    return new EtcdKeyServer(
        new EtcdConnection(new Endpoints(settings)),
        new Prefix(settings.prefix()),
        Timing.from(settings));
  }
}

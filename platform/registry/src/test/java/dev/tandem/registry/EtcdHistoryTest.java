package dev.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import java.util.List;

/** The history of etcd, which keeps its own: every view is compared with it. */
class EtcdHistoryTest extends RegistryHistory {

  @Override
  RegistryServer start() throws Exception {
    return EtcdServer.start();
  }

  /** What etcd had at the revision of a view is what the view has. */
  @Override
  void check(RegistryServer server, List<Instances> views) {
    assertThat(views)
        .allSatisfy(
            view ->
                assertThat(view.instances())
                    .isEqualTo(instancesAt((EtcdServer) server, view.revision())));
  }

  private static List<Instance> instancesAt(EtcdServer server, long revision) {
    return server
        .kv()
        .range(
            RangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("/services/user/"))
                .setRangeEnd(ByteString.copyFromUtf8("/services/user0"))
                .setRevision(revision)
                .build())
        .getKvsList()
        .stream()
        .map(EtcdHistoryTest::instance)
        .toList();
  }

  private static Instance instance(KeyValue pair) {
    String id = pair.getKey().toStringUtf8().substring("/services/user/".length());
    return switch (InstanceJson.read("user", id, pair.getValue())) {
      case InstanceJson.Reading.Valid(Instance instance) -> instance;
      case InstanceJson.Reading.Malformed(String reason) -> throw new AssertionError(reason);
    };
  }
}

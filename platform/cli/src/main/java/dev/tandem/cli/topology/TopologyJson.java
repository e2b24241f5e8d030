package dev.tandem.cli.topology;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.tandem.topology.Cluster;
import dev.tandem.topology.ControlPlane;
import dev.tandem.topology.DockerNetwork;
import dev.tandem.topology.Provider;
import dev.tandem.topology.Topology;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * The topology as JSON for scripts: defaults filled in, derived names spelled out, and the same
 * keys in every cluster, so that jq needs no cases. What a provider has no use for is null.
 */
final class TopologyJson {

  private final JsonGenerator json;

  private TopologyJson(JsonGenerator json) {
    this.json = json;
  }

  static String render(Topology topology) {
    var text = new StringWriter();
    try (JsonGenerator generator = new JsonFactory().createGenerator(text)) {
      var lines = new DefaultPrettyPrinter();
      lines.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
      generator.setPrettyPrinter(lines);
      new TopologyJson(generator).write(topology);
    } catch (IOException e) {
      throw new UncheckedIOException("a StringWriter failed", e);
    }
    return text + "\n";
  }

  private void write(Topology topology) throws IOException {
    json.writeStartObject();
    json.writeStringField("apiVersion", Topology.API_VERSION);
    json.writeObjectFieldStart("mesh");
    json.writeStringField("id", topology.mesh().id());
    json.writeStringField("trustDomain", topology.mesh().trustDomain());
    json.writeEndObject();
    write(topology.docker());
    json.writeObjectFieldStart("database");
    json.writeStringField("cluster", topology.databaseCluster());
    json.writeEndObject();
    json.writeObjectFieldStart("telemetry");
    json.writeStringField("cluster", topology.telemetryCluster());
    json.writeEndObject();
    json.writeArrayFieldStart("clusters");
    for (Cluster cluster : topology.clusters()) {
      write(cluster);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void write(DockerNetwork docker) throws IOException {
    json.writeObjectFieldStart("docker");
    json.writeStringField("network", docker.name());
    json.writeStringField("subnet", docker.subnet().toString());
    json.writeStringField("nodeRange", docker.nodeRange().toString());
    json.writeStringField("gateway", docker.gateway());
    json.writeEndObject();
  }

  private void write(Cluster cluster) throws IOException {
    json.writeStartObject();
    json.writeNumberField("index", cluster.index());
    json.writeStringField("name", cluster.name());
    switch (cluster.provider()) {
      case Provider.Kind kind -> {
        json.writeStringField("provider", "kind");
        json.writeStringField("kindName", kind.clusterName());
        json.writeStringField("podSubnet", kind.podSubnet().toString());
        json.writeStringField("serviceSubnet", kind.serviceSubnet().toString());
      }
      case Provider.Existing _ -> {
        json.writeStringField("provider", "existing");
        json.writeNullField("kindName");
        json.writeNullField("podSubnet");
        json.writeNullField("serviceSubnet");
      }
    }
    json.writeStringField("context", cluster.context());
    json.writeStringField("region", cluster.region());
    json.writeStringField("zone", cluster.zone());
    json.writeStringField("network", cluster.network());
    json.writeObjectFieldStart("controlPlane");
    json.writeStringField(
        "kind",
        switch (cluster.controlPlane()) {
          case ControlPlane.Primary() -> "primary";
          case ControlPlane.Remote _ -> "remote";
        });
    json.writeStringField("primary", cluster.primary());
    json.writeEndObject();
    json.writeStringField("loadBalancers", cluster.loadBalancers().toString());
    json.writeEndObject();
  }
}

package dev.tandem.e2e.telemetry;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The spans of a trace, in no order. */
public record Trace(List<Span> spans) {

  public Trace {
    spans = List.copyOf(spans);
  }

  /**
   * One span.
   *
   * @param kind as OTLP has it, such as 2 for SERVER
   * @param attributes its own and those of what it ran in
   */
  public record Span(
      String id, String parent, String name, int kind, Map<String, String> attributes) {
    /** OTLP's number of the kind SERVER. */
    public static final int SERVER = 2;

    /** OTLP's number of the kind CLIENT. */
    public static final int CLIENT = 3;

    public Span {
      attributes = Map.copyOf(attributes);
    }

    /** An attribute's value; empty when there is no such attribute. */
    public String attribute(String name) {
      return attributes.getOrDefault(name, "");
    }

    /** The service that made it. */
    public String service() {
      return attribute("service.name");
    }
  }

  /** The span that made another one, if it is there. */
  public Optional<Span> parentOf(Span span) {
    return spans.stream().filter(each -> each.id().equals(span.parent())).findFirst();
  }

  /** Reads OTLP's JSON. */
  static Trace read(JsonObject answer) {
    List<Span> spans = new ArrayList<>();
    for (JsonElement resourceSpans : array(answer.getAsJsonObject("result"), "resourceSpans")) {
      JsonObject group = resourceSpans.getAsJsonObject();
      Map<String, String> resource = attributes(group.getAsJsonObject("resource"));
      for (JsonElement scope : array(group, "scopeSpans")) {
        for (JsonElement each : array(scope.getAsJsonObject(), "spans")) {
          spans.add(span(each.getAsJsonObject(), resource));
        }
      }
    }
    return new Trace(spans);
  }

  private static Span span(JsonObject span, Map<String, String> resource) {
    Map<String, String> attributes = new HashMap<>(resource);
    attributes.putAll(attributes(span));
    return new Span(
        span.get("spanId").getAsString(),
        span.has("parentSpanId") ? span.get("parentSpanId").getAsString() : "",
        span.get("name").getAsString(),
        span.has("kind") ? span.get("kind").getAsInt() : 0,
        attributes);
  }

  private static Map<String, String> attributes(JsonObject owner) {
    Map<String, String> attributes = new HashMap<>();
    for (JsonElement each : array(owner, "attributes")) {
      JsonObject attribute = each.getAsJsonObject();
      // A value is an object with one member, named by its type.
      attributes.put(
          attribute.get("key").getAsString(),
          attribute.getAsJsonObject("value").entrySet().stream()
              .map(
                  value ->
                      value.getValue().isJsonPrimitive()
                          ? value.getValue().getAsString()
                          : value.getValue().toString())
              .collect(Collectors.joining()));
    }
    return attributes;
  }

  private static JsonArray array(JsonObject owner, String name) {
    return owner.has(name) ? owner.getAsJsonArray(name) : new JsonArray();
  }
}

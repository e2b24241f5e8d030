package dev.tandem.registry;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A key of Consul's with its value.
 *
 * @param revision of its last change
 * @param session that holds it, or empty
 * @see <a href="https://developer.hashicorp.com/consul/api-docs/kv#read-key">Consul's API</a>
 */
record ConsulValue(String key, long revision, String session, ByteString content) {

  /** Reads what Consul answers to a question for keys. */
  static List<ConsulValue> listOf(String json) throws ServerFailure {
    try {
      List<ConsulValue> values = new ArrayList<>();
      for (JsonElement value : JsonParser.parseString(json).getAsJsonArray()) {
        values.add(of(value.getAsJsonObject()));
      }
      return values;
    } catch (JsonParseException | IllegalStateException | IllegalArgumentException e) {
      throw new ServerFailure.Unreachable("not an answer of Consul's: " + e.getMessage(), e);
    }
  }

  private static ConsulValue of(JsonObject json) {
    JsonElement session = json.get("Session");
    JsonElement content = json.get("Value");
    return new ConsulValue(
        json.get("Key").getAsString(),
        json.get("ModifyIndex").getAsLong(),
        session == null ? "" : session.getAsString(),
        content.isJsonNull()
            ? ByteString.EMPTY
            : ByteString.copyFrom(Base64.getDecoder().decode(content.getAsString())));
  }
}

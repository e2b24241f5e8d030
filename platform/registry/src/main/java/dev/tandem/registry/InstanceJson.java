package dev.tandem.registry;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The value of a key: {@code
 * {"address":"10.0.0.7:9000","version":"1.4","cluster":"shanghai","region":"cn-east","weight":100}}.
 * Only the address is required. Members that are not known here are left alone: a newer writer may
 * have them.
 */
final class InstanceJson {

  private static final int LONGEST = 64 * 1024;
  private static final int DEFAULT_WEIGHT = 100;

  private InstanceJson() {}

  /** What reading came to. */
  sealed interface Reading {
    record Valid(Instance instance) implements Reading {}

    record Malformed(String reason) implements Reading {}
  }

  static String write(Instance instance) {
    JsonObject json = new JsonObject();
    json.addProperty("address", instance.address().toString());
    json.addProperty("version", instance.version());
    json.addProperty("cluster", instance.cluster());
    json.addProperty("region", instance.region());
    json.addProperty("weight", instance.weight());
    return json.toString();
  }

  static Reading read(String service, String id, ByteString value) {
    if (value.size() > LONGEST) {
      return new Reading.Malformed("it is longer than %d bytes".formatted(LONGEST));
    }
    try {
      JsonObject json = parse(text(value.asReadOnlyByteBuffer()));
      return new Reading.Valid(
          new Instance(
              service,
              id,
              Address.of(required(json, "address")),
              text(json, "version"),
              text(json, "cluster"),
              text(json, "region"),
              weight(json)));
    } catch (CharacterCodingException _) {
      return new Reading.Malformed("it is not UTF-8");
    } catch (IOException | JsonParseException e) {
      return new Reading.Malformed("it is no JSON: " + e.getMessage());
    } catch (StackOverflowError _) {
      return new Reading.Malformed("it is nested too deeply");
    } catch (IllegalArgumentException | ArithmeticException e) {
      return new Reading.Malformed(String.valueOf(e.getMessage()));
    }
  }

  private static String text(ByteBuffer bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
  }

  private static JsonObject parse(String text) throws IOException {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    JsonElement json = JsonParser.parseReader(reader);
    if (!json.isJsonObject() || reader.peek() != JsonToken.END_DOCUMENT) {
      throw new IllegalArgumentException("it is not one JSON object");
    }
    return json.getAsJsonObject();
  }

  private static String required(JsonObject json, String member) {
    String value = text(json, member);
    if (value.isEmpty()) {
      throw new IllegalArgumentException("it has no " + member);
    }
    return value;
  }

  private static String text(JsonObject json, String member) {
    return switch (json.get(member)) {
      case null -> "";
      case JsonPrimitive value when value.isString() && isText(value.getAsString()) ->
          value.getAsString();
      case JsonElement _ ->
          throw new IllegalArgumentException("its %s is no text".formatted(member));
    };
  }

  /** JSON can name halves of characters, which nothing else can write. */
  private static boolean isText(String value) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(value);
  }

  private static int weight(JsonObject json) {
    return switch (json.get("weight")) {
      case null -> DEFAULT_WEIGHT;
      case JsonPrimitive value when value.isNumber() -> wholeNumber(value);
      case JsonElement _ -> throw new IllegalArgumentException("its weight is no number");
    };
  }

  /** Not by BigDecimal's own conversion, which would write a million zeroes for 1e1000000. */
  private static int wholeNumber(JsonPrimitive value) {
    BigDecimal number = new BigDecimal(value.getAsString());
    if (number.scale() > 10 || number.precision() - number.scale() > 10) {
      throw new IllegalArgumentException("its weight is out of range");
    }
    return number.intValueExact();
  }
}

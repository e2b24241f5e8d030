package dev.tandem.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;

/**
 * Consul's key-value store. A lease is a session that deletes its keys when it ends.
 *
 * @see <a href="https://developer.hashicorp.com/consul/api-docs/session">Consul's sessions</a>
 * @see <a href="https://developer.hashicorp.com/consul/api-docs/txn">Consul's transactions</a>
 */
final class ConsulKeyServer implements KeyServer {

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int ROLLED_BACK = 409;

  /** Consul may let a session live for twice its time. */
  private static final int PATIENCE = 2;

  private final ConsulConnection connection;
  private final Prefix prefix;
  private final Timing timing;

  ConsulKeyServer(ConsulConnection connection, Prefix prefix, Timing timing) {
    this.connection = connection;
    this.prefix = prefix;
    this.timing = timing;
  }

  @Override
  public Lease grant() throws ServerFailure, InterruptedException {
    Duration life = timing.lease().dividedBy(PATIENCE);
    JsonObject session = new JsonObject();
    session.addProperty("Name", "tandem-registry");
    session.addProperty("TTL", life.toMillis() + "ms");
    session.addProperty("Behavior", "delete");
    // By default a key could not be put again for a quarter of a minute.
    session.addProperty("LockDelay", "0s");
    // By default the agent's own health would end the sessions of all its clients.
    session.add("NodeChecks", new JsonArray());
    HttpResponse<String> answer = connection.put("/v1/session/create", session.toString());
    require(answer);
    try {
      String id = JsonParser.parseString(answer.body()).getAsJsonObject().get("ID").getAsString();
      return new Lease(id, Timing.renewalOf(life));
    } catch (JsonParseException | IllegalStateException e) {
      throw new ServerFailure.Unreachable("not an answer of Consul's: " + answer.body(), e);
    }
  }

  @Override
  public void renew(Lease lease) throws ServerFailure, InterruptedException {
    HttpResponse<String> answer = connection.put("/v1/session/renew/" + lease.id(), "");
    if (answer.statusCode() == NOT_FOUND) {
      throw lost(lease);
    }
    require(answer);
  }

  private static ServerFailure.LeaseLost lost(Lease lease) {
    return new ServerFailure.LeaseLost(
        "Consul does not have session %s any more".formatted(lease.id()));
  }

  @Override
  public void revoke(Lease lease) throws ServerFailure, InterruptedException {
    require(connection.put("/v1/session/destroy/" + lease.id(), ""));
  }

  /**
   * Consul has no transaction that reads and then decides: reads first, and writes if unchanged.
   */
  @Override
  public Claim claim(Lease lease, String key, String value)
      throws ServerFailure, InterruptedException {
    HttpResponse<String> found = connection.get("/v1/kv/" + nameOf(key) + "?consistent");
    JsonObject unchanged;
    if (found.statusCode() == NOT_FOUND) {
      unchanged = operation("check-not-exists", key);
    } else {
      require(found);
      ConsulValue holder = ConsulValue.listOf(found.body()).getFirst();
      if (!holder.session().equals(lease.id())) {
        return new Claim.Taken(holder.content().toStringUtf8());
      }
      unchanged = operation("check-index", key);
      unchanged.addProperty("Index", holder.revision());
    }
    JsonObject put = operation("lock", key);
    put.addProperty("Value", Base64.getEncoder().encodeToString(value.getBytes(UTF_8)));
    put.addProperty("Session", lease.id());
    if (transact(unchanged, put)) {
      return new Claim.Held();
    }
    requireAlive(lease);
    throw new ServerFailure.Unreachable(key + " was changed at the same moment");
  }

  private void requireAlive(Lease lease) throws ServerFailure, InterruptedException {
    HttpResponse<String> session = connection.get("/v1/session/info/" + lease.id() + "?consistent");
    require(session);
    if (session.body().strip().equals("[]")) {
      throw lost(lease);
    }
  }

  private JsonObject operation(String verb, String key) {
    JsonObject operation = new JsonObject();
    operation.addProperty("Verb", verb);
    operation.addProperty("Key", nameOf(key));
    return operation;
  }

  /** Whether all of it was done; none of it was otherwise. */
  private boolean transact(JsonObject... operations) throws ServerFailure, InterruptedException {
    JsonArray transaction = new JsonArray();
    for (JsonObject operation : operations) {
      JsonObject entry = new JsonObject();
      entry.add("KV", operation);
      transaction.add(entry);
    }
    HttpResponse<String> answer = connection.put("/v1/txn", transaction.toString());
    if (answer.statusCode() == ROLLED_BACK) {
      return false;
    }
    require(answer);
    return true;
  }

  @Override
  public Feed follow(String folder) {
    return new ConsulFeed(connection, prefix.folder(folder).substring(1), timing);
  }

  /** Consul's keys have no slash first: its HTTP API would take it for an empty folder. */
  private String nameOf(String key) {
    return prefix.key(key).substring(1);
  }

  private static void require(HttpResponse<String> answer) throws ServerFailure {
    if (answer.statusCode() != OK) {
      throw new ServerFailure.Refused(
          "Consul: HTTP %d, %s".formatted(answer.statusCode(), answer.body().strip()));
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}

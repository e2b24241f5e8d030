package dev.tandem.cli.migrate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a server answered to one call, as its log says it.
 *
 * @param requestId the mesh's name for the call, the same for a live call and its copy
 * @param method such as tandem.user.v1.UserService/GetUser
 * @param outcome status and digest of the reply
 */
record Answer(String requestId, String method, String outcome) {

  /** A live call and its copy. */
  record Pair(String method, String stable, String candidate) {

    boolean agrees() {
      return stable.equals(candidate);
    }

    @Override
    public String toString() {
      return "%s: %s was answered before, %s now".formatted(method, stable, candidate);
    }
  }

  /**
   * The calls that both answered. A proxy that tries again sends the same id twice: then the last
   * answers count.
   */
  static List<Pair> pairs(Collection<Answer> stable, Collection<Answer> candidate) {
    Map<String, Answer> copies = new HashMap<>();
    candidate.forEach(answer -> copies.put(answer.requestId(), answer));
    Map<String, Answer> live = new HashMap<>();
    stable.forEach(answer -> live.put(answer.requestId(), answer));
    List<Pair> pairs = new ArrayList<>();
    live.forEach(
        (id, answer) -> {
          Answer copy = copies.get(id);
          if (copy != null && copy.method().equals(answer.method())) {
            pairs.add(new Pair(answer.method(), answer.outcome(), copy.outcome()));
          }
        });
    return pairs;
  }
}

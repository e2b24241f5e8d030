package dev.tandem.ratelimit;

import static io.grpc.Metadata.ASCII_STRING_MARSHALLER;

import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Envoy's header {@code x-forwarded-client-cert}: a sidecar that ends mutual TLS appends an element
 * about its peer's certificate. Elements are separated by commas, their pairs by semicolons; values
 * may be quoted.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers#x-forwarded-client-cert">Envoy's
 *     documentation</a>
 */
final class ForwardedClientCertificate {

  static final Metadata.Key<String> HEADER =
      Metadata.Key.of("x-forwarded-client-cert", ASCII_STRING_MARSHALLER);

  private static final String URI_PAIR = "uri=";

  private ForwardedClientCertificate() {}

  /**
   * The SPIFFE identity of the sidecar's own peer: the only URI in the last element. Read from the
   * right, because everything before that element may come from a caller, open quotes included.
   *
   * @return empty when there is no element, or when it does not name exactly one identity
   */
  static Optional<String> identity(Metadata headers) {
    String last = null;
    Iterable<String> values = headers.getAll(HEADER);
    if (values != null) {
      for (String value : values) {
        last = value;
      }
    }
    if (last == null) {
      return Optional.empty();
    }
    List<String> uris =
        pairsOfLastElement(last).stream()
            .map(String::strip)
            .filter(pair -> pair.regionMatches(true, 0, URI_PAIR, 0, URI_PAIR.length()))
            .map(pair -> pair.substring(URI_PAIR.length()))
            .toList();
    return uris.size() == 1 && uris.getFirst().startsWith("spiffe://")
        ? Optional.of(uris.getFirst())
        : Optional.empty();
  }

  private static List<String> pairsOfLastElement(String header) {
    List<String> pairs = new ArrayList<>();
    boolean quoted = false;
    int end = header.length();
    for (int at = header.length() - 1; at >= 0; at--) {
      char character = header.charAt(at);
      if (character == '"' && !isEscaped(header, at)) {
        quoted = !quoted;
      } else if (!quoted && (character == ';' || character == ',')) {
        pairs.add(header.substring(at + 1, end));
        end = at;
        if (character == ',') {
          return pairs;
        }
      }
    }
    pairs.add(header.substring(0, end));
    return quoted ? List.of() : pairs;
  }

  private static boolean isEscaped(String text, int at) {
    int backslashes = 0;
    while (at - backslashes > 0 && text.charAt(at - backslashes - 1) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }
}

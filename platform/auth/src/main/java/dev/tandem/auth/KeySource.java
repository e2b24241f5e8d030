package dev.tandem.auth;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Where a key set is. */
sealed interface KeySource {

  String HTTPS = "https:";

  /** Reads it, blocking. */
  byte[] read() throws IOException, InterruptedException;

  /** A file, such as one of a mounted ConfigMap. */
  record InFile(Path file, int maxBytes) implements KeySource {

    @Override
    public byte[] read() throws IOException {
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(maxBytes + 1);
        if (bytes.length > maxBytes) {
          throw new IOException("%s has more than %d bytes".formatted(file, maxBytes));
        }
        return bytes;
      }
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }

  /** Makes the client of one read. */
  @FunctionalInterface
  interface Client {
    HttpClient open() throws IOException;
  }

  /**
   * An HTTP server. No redirects: whoever can redirect would otherwise choose the keys. Each read
   * has a client of its own: one a minute, and nothing that lives on, goes stale or has to be
   * closed.
   *
   * @param client makes the client
   */
  record AtUrl(URI url, Duration timeout, int maxBytes, Client client) implements KeySource {

    @Override
    public byte[] read() throws IOException, InterruptedException {
      HttpClient http = client.open();
      try {
        // The request's own timeout ends with the headers; this one is for the last byte, too.
        HttpResponse<byte[]> reply =
            http.sendAsync(
                    HttpRequest.newBuilder(url)
                        .header("accept", "application/jwk-set+json, application/json")
                        .build(),
                    BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxBytes))
                .get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (reply.statusCode() != 200) {
          throw new IOException("%s answered %d".formatted(url, reply.statusCode()));
        }
        return reply.body();
      } catch (TimeoutException e) {
        throw new IOException("%s did not answer within %s".formatted(url, timeout), e);
      } catch (ExecutionException e) {
        throw new IOException("%s: %s".formatted(url, e.getCause()), e);
      } finally {
        http.shutdownNow();
      }
    }

    @Override
    public String toString() {
      return url.toString();
    }
  }

  /**
   * The source that a setting's text names.
   *
   * @throws IllegalArgumentException naming the setting, its value and what it has to be
   */
  static KeySource at(String location, Duration timeout, int maxBytes, Optional<Path> trust) {
    try {
      boolean encrypted = location.regionMatches(true, 0, HTTPS, 0, HTTPS.length());
      Setting.require(
          trust.isEmpty() || encrypted,
          "jwks.trust",
          trust.map(Path::toString).orElse(""),
          "it is for an https URL, and tandem.auth.jwks.location is '%s'; unset one of the two"
              .formatted(location));
      if (!location.contains("://")) {
        return new InFile(Path.of(location), maxBytes);
      }
      URI url = new URI(location);
      if (isSafe(url)) {
        return trust
            .map(file -> trusting(url, timeout, maxBytes, new TrustedAuthorities(file)))
            .orElseGet(() -> new AtUrl(url, timeout, maxBytes, () -> client(timeout).build()));
      }
      throw neither(location);
    } catch (InvalidPathException | URISyntaxException e) {
      IllegalArgumentException wrong = neither(location);
      wrong.initCause(e);
      throw wrong;
    }
  }

  private static IllegalArgumentException neither(String location) {
    return Setting.wrong(
        "jwks.location",
        location,
        "it has to be a file's path or an https URL (http only to this machine)");
  }

  private static KeySource trusting(
      URI url, Duration timeout, int maxBytes, TrustedAuthorities authorities) {
    try {
      authorities.context();
    } catch (IOException e) {
      IllegalArgumentException wrong =
          Setting.wrong("jwks.trust", authorities.file(), e.getMessage() + "; name a file in PEM");
      wrong.initCause(e);
      throw wrong;
    }
    return new AtUrl(
        url, timeout, maxBytes, () -> client(timeout).sslContext(authorities.context()).build());
  }

  private static HttpClient.Builder client(Duration timeout) {
    return HttpClient.newBuilder()
        .connectTimeout(timeout)
        .followRedirects(HttpClient.Redirect.NEVER);
  }

  /** Whoever can change the reply on its way can sign tokens. */
  private static boolean isSafe(URI url) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    String host = url.getHost();
    return host != null
        && (scheme.equals("https")
            || (scheme.equals("http") && Set.of("localhost", "127.0.0.1", "[::1]").contains(host)));
  }
}

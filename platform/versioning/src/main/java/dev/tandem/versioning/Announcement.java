package dev.tandem.versioning;

import static io.grpc.Metadata.ASCII_STRING_MARSHALLER;

import io.grpc.Metadata;
import java.net.URI;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What callers of a version that ends are told.
 *
 * @param deprecated since when it is deprecated; begins at midnight UTC
 * @param sunset when it is expected to end; not before {@code deprecated}
 * @param successor the package that replaces it
 * @param link a page for people
 */
public record Announcement(
    LocalDate deprecated, LocalDate sunset, Optional<String> successor, Optional<URI> link) {

  /** RFC 9745: a structured field's date, {@code @} and seconds since 1970. */
  public static final Metadata.Key<String> DEPRECATION =
      Metadata.Key.of("deprecation", ASCII_STRING_MARSHALLER);

  /** RFC 8594: an HTTP date. */
  public static final Metadata.Key<String> SUNSET =
      Metadata.Key.of("sunset", ASCII_STRING_MARSHALLER);

  /** RFC 8288: links with their relations, {@code successor-version} and {@code deprecation}. */
  public static final Metadata.Key<String> LINK = Metadata.Key.of("link", ASCII_STRING_MARSHALLER);

  /** RFC 9110, section 5.6.7: two digits for the day, which Java's own RFC 1123 format lacks. */
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

  /**
   * Checks that callers are told where to go, and when, in the right order.
   *
   * @throws IllegalArgumentException when they are not
   */
  public Announcement {
    if (sunset.isBefore(deprecated)) {
      throw new IllegalArgumentException(
          "a sunset on %s would be before the deprecation on %s".formatted(sunset, deprecated));
    }
    if (successor.isEmpty() && link.isEmpty()) {
      throw new IllegalArgumentException("callers need a successor or a link");
    }
  }

  /**
   * Replaces these keys' values by this announcement: a service that passes on another's metadata
   * must not announce what the other did.
   *
   * @param fullMethodName of the call, {@code package.Service/Method}
   */
  void putInto(Metadata metadata, String fullMethodName) {
    replace(metadata, DEPRECATION, "@" + deprecated.atStartOfDay().toEpochSecond(ZoneOffset.UTC));
    replace(metadata, SUNSET, HTTP_DATE.format(sunset.atStartOfDay()));
    replace(metadata, LINK, links(fullMethodName));
  }

  /**
   * The successor is named by its path, relative to the call's own, which for gRPC is {@code
   * /package.Service/Method}: the same method in the package that replaces this one.
   */
  private String links(String fullMethodName) {
    List<String> links = new ArrayList<>();
    String service = MethodNames.serviceWithinPackage(fullMethodName);
    successor.ifPresent(
        name -> links.add("</%s.%s>; rel=\"successor-version\"".formatted(name, service)));
    link.ifPresent(page -> links.add("<%s>; rel=\"deprecation\"".formatted(page)));
    return String.join(", ", links);
  }

  /** What to do instead, continuing "… was retired: ". */
  String advice() {
    return successor
        .map(name -> "call " + name + " instead" + link.map(page -> ", see " + page).orElse(""))
        .orElseGet(() -> "see " + link.map(URI::toString).orElse(""));
  }

  private static void replace(Metadata metadata, Metadata.Key<String> key, String value) {
    metadata.discardAll(key);
    metadata.put(key, value);
  }
}

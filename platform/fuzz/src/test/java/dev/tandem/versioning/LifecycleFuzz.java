package dev.tandem.versioning;

import io.grpc.Metadata;
import java.util.List;

/**
 * {@code lifecycle.yaml}, and what is announced from it: the values of {@code deprecation}, {@code
 * sunset} and {@code link} are metadata, whatever the file says.
 */
final class LifecycleFuzz {

  private LifecycleFuzz() {}

  /** Jazzer's entry point. */
  public static void fuzzerTestOneInput(byte[] input) {
    switch (LifecycleFile.parse("fuzz", input)) {
      case LifecycleReading.Invalid invalid -> {
        if (invalid.toString().isBlank()) {
          throw new AssertionError("refused without a word");
        }
      }
      case LifecycleReading.Valid(Lifecycle lifecycle) ->
          lifecycle.packages().forEach(LifecycleFuzz::announce);
    }
  }

  private static void announce(String name, ApiState state) {
    switch (state) {
      case ApiState.Active() -> {}
      case ApiState.Sunsetting(Announcement announcement) -> announce(name, announcement);
      case ApiState.Retired(Announcement announcement) -> announce(name, announcement);
    }
  }

  private static void announce(String name, Announcement announcement) {
    Metadata metadata = new Metadata();
    announcement.putInto(metadata, name + ".UserService/GetUser");
    for (var key : List.of(Announcement.DEPRECATION, Announcement.SUNSET, Announcement.LINK)) {
      String value = String.valueOf(metadata.get(key));
      if (!value.chars().allMatch(character -> character >= ' ' && character <= '~')) {
        throw new AssertionError(key + " cannot be sent: " + value);
      }
    }
  }
}

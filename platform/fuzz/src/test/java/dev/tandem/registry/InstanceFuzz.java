package dev.tandem.registry;

import com.google.protobuf.ByteString;
import dev.tandem.registry.InstanceJson.Reading;

/** A value in the registry, which anybody may have written who has the right to. */
final class InstanceFuzz {

  private InstanceFuzz() {}

  /** Jazzer's entry point. */
  public static void fuzzerTestOneInput(byte[] input) {
    switch (InstanceJson.read("user", "a", ByteString.copyFrom(input))) {
      case Reading.Malformed(String reason) -> {
        if (reason.isBlank()) {
          throw new AssertionError("refused without a reason");
        }
      }
      case Reading.Valid(Instance instance) -> {
        ByteString written = ByteString.copyFromUtf8(InstanceJson.write(instance));
        Reading again = InstanceJson.read("user", "a", written);
        if (!again.equals(new Reading.Valid(instance))) {
          throw new AssertionError("written and read again it is %s".formatted(again));
        }
      }
    }
  }
}

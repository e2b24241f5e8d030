package dev.tandem.user;

import dev.tandem.user.UserDirectoryFormat.MalformedException;
import java.io.ByteArrayInputStream;

/** The file of users. */
final class UserDirectoryFuzz {

  private UserDirectoryFuzz() {}

  /** Jazzer's entry point. */
  public static void fuzzerTestOneInput(byte[] input) {
    try {
      new LiveUserDirectory(UserDirectoryFormat.read(new ByteArrayInputStream(input)));
    } catch (MalformedException e) {
      // What it says of a file that it refuses.
    }
  }
}

package dev.tandem.versioning;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads {@code lifecycle.yaml}: a lifecycle, or every mistake in it with its place and its fix. */
public final class LifecycleFile {

  /** Far beyond what a company publishes; a larger file is another file. */
  private static final int MOST_BYTES = 1 << 20;

  private LifecycleFile() {}

  /** Reads a file; one that cannot be read is a mistake like any other. */
  public static LifecycleReading read(Path file) {
    String name = file.toString();
    try {
      if (Files.isDirectory(file)) {
        return unreadable(name, "it is a directory", "name the file within it");
      }
      if (Files.size(file) > MOST_BYTES) {
        return unreadable(name, "it is larger than 1 MiB", "name a lifecycle file");
      }
      return parse(name, Files.readAllBytes(file));
    } catch (NoSuchFileException _) {
      return unreadable(name, "it does not exist", "name another file, or mount it");
    } catch (AccessDeniedException _) {
      return unreadable(name, "access is denied", "change its permissions, or name another file");
    } catch (IOException e) {
      return unreadable(name, e.toString(), "make it readable, or name another file");
    }
  }

  /**
   * Reads bytes as if they were a file's.
   *
   * @param file what diagnostics call their origin
   */
  public static LifecycleReading parse(String file, byte[] bytes) {
    try {
      // Strictly: a String made the usual way would hide what is not UTF-8.
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new LifecycleReader(file, text).read();
    } catch (CharacterCodingException _) {
      return unreadable(file, "it is not UTF-8 text", "save it as UTF-8");
    }
  }

  private static LifecycleReading unreadable(String file, String reason, String fix) {
    return new LifecycleReading.Invalid(
        List.of(new Diagnostic(file, 1, 1, "cannot be read: " + reason, fix)));
  }
}

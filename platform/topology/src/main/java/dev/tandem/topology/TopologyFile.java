package dev.tandem.topology;

import dev.tandem.topology.Diagnostic.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads {@code topology.yaml}: a topology, or every mistake in it with its place and its fix. */
public final class TopologyFile {

  /** Far beyond 255 clusters; a larger file is another file. */
  private static final long MOST_BYTES = 1 << 20;

  private TopologyFile() {}

  /** Reads a file; one that cannot be read is a mistake like any other. */
  public static TopologyReading read(Path file) {
    String name = file.toString();
    try {
      if (Files.isDirectory(file)) {
        return unreadable(name, "it is a directory", "name the file within it");
      }
      if (Files.size(file) > MOST_BYTES) {
        return unreadable(name, "it is larger than 1 MiB", "name a topology file");
      }
      return parse(name, decoded(Files.readAllBytes(file)));
    } catch (NoSuchFileException _) {
      return unreadable(name, "it does not exist", "name another file");
    } catch (AccessDeniedException _) {
      return unreadable(name, "access is denied", "change its permissions, or name another file");
    } catch (CharacterCodingException _) {
      return unreadable(name, "it is not UTF-8 text", "save it as UTF-8");
    } catch (IOException e) {
      return unreadable(name, e.toString(), "make it readable, or name another file");
    }
  }

  /**
   * Reads a text as if it were a file's.
   *
   * @param file what diagnostics call the text's origin
   */
  public static TopologyReading parse(String file, String text) {
    var findings = new Findings(file);
    return new YamlText(text, findings)
        .root()
        .flatMap(root -> new TopologyReader(findings).read(root))
        .<TopologyReading>map(TopologyReading.Valid::new)
        .orElseGet(() -> new TopologyReading.Invalid(findings.inReadingOrder()));
  }

  /** Decodes strictly: a String made the usual way would hide what is not UTF-8. */
  private static String decoded(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static TopologyReading unreadable(String file, String reason, String fix) {
    return new TopologyReading.Invalid(
        List.of(new Diagnostic(file, Position.START, "cannot be read: " + reason, fix)));
  }
}

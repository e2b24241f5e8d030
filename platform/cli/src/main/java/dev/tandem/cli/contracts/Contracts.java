package dev.tandem.cli.contracts;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A folder of contracts at one moment.
 *
 * @param lifecycle what is published
 * @param frozen the image of each published package, as it was published last
 * @param withSources the packages that have .proto files
 */
record Contracts(Lifecycle lifecycle, Map<String, Image> frozen, Set<String> withSources) {

  private static final String IMAGE_SUFFIX = ".binpb";

  /**
   * @throws IOException when something is missing or malformed; the message names the file
   */
  static Contracts read(Path directory) throws IOException {
    Lifecycle lifecycle = Lifecycle.read(directory.resolve(Lifecycle.FILE));
    Map<String, Image> frozen = new TreeMap<>();
    Path images = directory.resolve("frozen");
    if (Files.isDirectory(images)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(images, "*" + IMAGE_SUFFIX)) {
        for (Path file : found) {
          String name = file.getFileName().toString();
          frozen.put(name.substring(0, name.length() - IMAGE_SUFFIX.length()), Image.read(file));
        }
      }
    }
    Set<String> withSources = new TreeSet<>();
    for (String packageName : lifecycle.states().keySet()) {
      if (hasSources(directory, packageName)) {
        withSources.add(packageName);
      }
    }
    return new Contracts(lifecycle, frozen, withSources);
  }

  static Path imageOf(Path directory, String packageName) {
    return directory.resolve("frozen").resolve(packageName + IMAGE_SUFFIX);
  }

  /** A package's files are in the folder of its name: buf lint's PACKAGE_DIRECTORY_MATCH. */
  private static boolean hasSources(Path directory, String packageName) throws IOException {
    Path folder = directory.resolve(packageName.replace('.', '/'));
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (DirectoryStream<Path> protos = Files.newDirectoryStream(folder, "*.proto")) {
      return protos.iterator().hasNext();
    }
  }
}

package dev.tandem.cli.contracts;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Compiled contracts with all that they import: what {@code buf build} writes, which protoc reads
 * as a FileDescriptorSet.
 *
 * @param files by their names, each after those that it imports
 */
record Image(Map<String, FileDescriptorProto> files) {

  /** Google's own files are imported by everybody and published by nobody here. */
  private static final String NOT_OURS = "google.protobuf";

  static Image of(List<FileDescriptorProto> files) {
    Map<String, FileDescriptorProto> byName = new LinkedHashMap<>();
    files.forEach(file -> byName.put(file.getName(), file));
    return new Image(byName);
  }

  /**
   * @throws IOException when the file cannot be read or is no image
   */
  static Image read(Path file) throws IOException {
    try {
      return of(FileDescriptorSet.parseFrom(Files.readAllBytes(file)).getFileList());
    } catch (IOException e) {
      throw new IOException("%s is not a compiled contract: %s".formatted(file, e), e);
    }
  }

  /** The packages that are ours, in alphabetical order. */
  Set<String> packages() {
    return files.values().stream()
        .map(FileDescriptorProto::getPackage)
        .filter(name -> !name.equals(NOT_OURS))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  List<FileDescriptorProto> filesOf(String packageName) {
    return files.values().stream().filter(file -> file.getPackage().equals(packageName)).toList();
  }

  Optional<FileDescriptorProto> file(String name) {
    return Optional.ofNullable(files.get(name));
  }

  /** Our other packages that this one's files import, directly or not. */
  Set<String> importsOf(String packageName) {
    Set<String> seen = new TreeSet<>();
    Set<String> packages = new TreeSet<>();
    Deque<FileDescriptorProto> open = new ArrayDeque<>(filesOf(packageName));
    while (!open.isEmpty()) {
      for (String name : open.pop().getDependencyList()) {
        FileDescriptorProto imported = files.get(name);
        if (imported != null && seen.add(name)) {
          open.push(imported);
          packages.add(imported.getPackage());
        }
      }
    }
    packages.remove(packageName);
    packages.remove(NOT_OURS);
    return packages;
  }
}

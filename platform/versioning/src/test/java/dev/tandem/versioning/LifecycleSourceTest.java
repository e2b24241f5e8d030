package dev.tandem.versioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifecycleSourceTest {

  private static final String ACTIVE = yaml("state: ACTIVE");
  private static final String DEPRECATED =
      yaml(
          "state: DEPRECATED, deprecated: 2026-12-01, sunset: 2027-06-01, link: 'https://example.com'");

  private final Path folder;

  LifecycleSourceTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void followsAFileThatIsWrittenAnew() throws IOException {
    Path file = Files.writeString(folder.resolve("lifecycle.yaml"), ACTIVE);
    try (LifecycleSource source = LifecycleSource.following(file)) {
      assertThat(stateOf(source)).isEqualTo("ACTIVE");

      Files.writeString(file, DEPRECATED);
      await().untilAsserted(() -> assertThat(stateOf(source)).isEqualTo("DEPRECATED"));

      Files.writeString(file, ACTIVE);
      await().untilAsserted(() -> assertThat(stateOf(source)).isEqualTo("ACTIVE"));
    }
  }

  @Test
  void followsAMountedConfigMap() throws IOException {
    Path file = folder.resolve("lifecycle.yaml");
    mount("first", ACTIVE);
    Files.createSymbolicLink(file, Path.of("..data", "lifecycle.yaml"));
    try (LifecycleSource source = LifecycleSource.following(file)) {
      assertThat(stateOf(source)).isEqualTo("ACTIVE");

      mount("second", DEPRECATED);

      await().untilAsserted(() -> assertThat(stateOf(source)).isEqualTo("DEPRECATED"));
    }
  }

  @Test
  void keepsTheLifecycleWhenTheFileIsBroken() throws IOException {
    Path file = Files.writeString(folder.resolve("lifecycle.yaml"), DEPRECATED);
    try (LifecycleSource source = LifecycleSource.following(file)) {
      Files.writeString(file, "packages: [");
      Files.delete(file);
      Files.writeString(folder.resolve("another"), "change");
      assertThat(stateOf(source)).isEqualTo("DEPRECATED");

      Files.writeString(file, ACTIVE);

      await().untilAsserted(() -> assertThat(stateOf(source)).isEqualTo("ACTIVE"));
    }
  }

  @Test
  void refusesToStartFromABrokenFile() throws IOException {
    Path file = Files.writeString(folder.resolve("lifecycle.yaml"), yaml("state: GONE"));

    assertThatIllegalStateException()
        .isThrownBy(() -> LifecycleSource.following(file))
        .withMessageContaining("tandem.versioning.lifecycle")
        .withMessageContaining(file + ":3:27: unknown state \"GONE\"")
        .withMessageContaining("fix: choose from: ACTIVE, DEPRECATED, RETIRED");
  }

  @Test
  void refusesToStartFromAFolderThatIsNotThere() {
    assertThatIllegalStateException()
        .isThrownBy(() -> LifecycleSource.following(folder.resolve("none/lifecycle.yaml")))
        .withMessageContaining("tandem.versioning.lifecycle")
        .withMessageContaining("mount the file there");
  }

  @Test
  void takesTheFileThatIsPackagedWithTheContracts() throws IOException {
    Path jar = contracts("one");
    try (URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      assertThat(stateOf(LifecycleSource.packaged(classes))).isEqualTo("ACTIVE");
    }
  }

  @Test
  void refusesToStartWithoutAnyLifecycleOrWithTwo() throws IOException {
    URL one = contracts("one").toUri().toURL();
    URL two = contracts("two").toUri().toURL();
    try (URLClassLoader none = new URLClassLoader(new URL[0], null);
        URLClassLoader both = new URLClassLoader(new URL[] {one, two}, null)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> LifecycleSource.packaged(none))
          .withMessageContaining("is on the class path nowhere: add the contracts' jar");
      assertThatIllegalStateException()
          .isThrownBy(() -> LifecycleSource.packaged(both))
          .withMessageContaining("is on the class path 2 times");
    }
  }

  private Path contracts(String name) throws IOException {
    Path root = folder.resolve(name);
    Files.createDirectories(root.resolve("tandem"));
    Files.writeString(root.resolve(LifecycleSource.PACKAGED), ACTIVE);
    return root;
  }

  /** As the kubelet does it: a new folder, and the link ..data moved onto it. */
  private void mount(String name, String text) throws IOException {
    Path data = Files.createDirectory(folder.resolve(".." + name));
    Files.writeString(data.resolve("lifecycle.yaml"), text);
    Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), data.getFileName());
    Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String stateOf(LifecycleSource source) {
    return source.current().stateOf("tandem.user.v1").orElseThrow().word();
  }

  private static String yaml(String keys) {
    return """
    apiVersion: tandem.dev/v1
    packages:
      tandem.user.v1: {%s}
    """
        .formatted(keys);
  }
}

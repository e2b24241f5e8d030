package dev.tandem.user;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A folder of users as the kubelet mounts a ConfigMap: users.json → ..data/users.json, ..data → a
 * folder of its own for each version, and one atomic swap of ..data to change it.
 */
public final class MountedUsers implements QuarkusTestResourceLifecycleManager {

  private static int version;
  private static @Nullable Path mount;

  @Override
  public Map<String, String> start() {
    try {
      Path folder = Files.createTempDirectory("tandem-users");
      mount = folder;
      change(
          """
          {"users": [{"user_id": "ada", "name": "Ada Lovelace", "age": 36, "email": "ada@example.com"}]}
          """);
      Files.createSymbolicLink(folder.resolve("users.json"), Path.of("..data", "users.json"));
      return Map.of("tandem.user.directory", folder.resolve("users.json").toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void change(String json) throws IOException {
    Path folder = Objects.requireNonNull(mount);
    version++;
    Path versioned = Files.createDirectory(folder.resolve("..version-" + version));
    Files.write(versioned.resolve("users.json"), json.getBytes(UTF_8));
    Path link =
        Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..version-" + version));
    Files.move(link, folder.resolve("..data"), ATOMIC_MOVE);
  }

  @Override
  public void stop() {}
}

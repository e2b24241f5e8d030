package dev.tandem.user;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Collection;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Fills the directory from its file, at start and after every change of the file. A file that
 * cannot be read at start stops the service; later it is reported, and the users who were read last
 * stay.
 */
@Singleton
final class UserDirectorySource {

  private static final Logger LOG = Logger.getLogger(UserDirectorySource.class);

  private final UserSettings settings;
  private @Nullable WatchService changes;

  @Inject
  UserDirectorySource(UserSettings settings) {
    this.settings = settings;
  }

  /**
   * Read while the services are made, because gRPC takes calls before the application counts as
   * started.
   */
  @Produces
  @Singleton
  LiveUserDirectory directory() throws IOException {
    if (settings.directory().isEmpty()) {
      LOG.info("Serving the bundled users: tandem.user.directory names no file");
      return new LiveUserDirectory(bundled());
    }
    Path file = settings.directory().get().toAbsolutePath();
    try {
      return following(file);
    } catch (IOException e) {
      throw new IOException(
          "tandem.user.directory is %s: %s; mend the file, or unset the key to serve the bundled users"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private LiveUserDirectory following(Path file) throws IOException {
    // Watching begins before the first read, so that no change falls between the two.
    WatchService watch = watchFolderOf(file);
    changes = watch;
    LiveUserDirectory directory = new LiveUserDirectory(read(file));
    report(directory, file);
    Thread.ofVirtual().name("user-directory").start(() -> reloadOnChanges(watch, file, directory));
    return directory;
  }

  /**
   * Stops the application when there is no directory: a gRPC server that fails to start is only
   * logged.
   */
  void require(@Observes StartupEvent event, LiveUserDirectory directory) {}

  @PreDestroy
  void stop() throws IOException {
    if (changes != null) {
      changes.close();
    }
  }

  /**
   * Watches the folder, not the file: Kubernetes replaces a mounted ConfigMap by swapping a
   * symbolic link (..data) beside it, which never touches the file's own name.
   */
  private static WatchService watchFolderOf(Path file) throws IOException {
    Path folder = Objects.requireNonNull(file.getParent(), "an absolute file has a folder");
    WatchService watch = folder.getFileSystem().newWatchService();
    try {
      folder.register(
          watch,
          StandardWatchEventKinds.ENTRY_CREATE,
          StandardWatchEventKinds.ENTRY_MODIFY,
          StandardWatchEventKinds.ENTRY_DELETE);
    } catch (IOException e) {
      throw new IOException("cannot watch %s (%s)".formatted(folder, e), e);
    }
    return watch;
  }

  private static void reloadOnChanges(WatchService watch, Path file, LiveUserDirectory directory) {
    try {
      while (true) {
        WatchKey key = watch.take();
        // Which file changed does not matter: an unchanged directory is recognised when it is read.
        key.pollEvents();
        key.reset();
        reload(file, directory);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ClosedWatchServiceException e) {
      LOG.debug("The service stops: no longer watching the users");
    }
  }

  private static void reload(Path file, LiveUserDirectory directory) {
    long before = directory.current().revision();
    try {
      directory.replace(read(file));
    } catch (IOException e) {
      LOG.warnf("Keeping the users that were read last: %s", e.getMessage());
      return;
    }
    if (directory.current().revision() != before) {
      report(directory, file);
    }
  }

  private static void report(LiveUserDirectory directory, Path file) {
    LOG.infof("Serving %d users from %s", directory.current().entries().size(), file);
  }

  private static Collection<User> read(Path file) throws IOException {
    byte[] json;
    try {
      json = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IOException("cannot read the users from %s: %s".formatted(file, e), e);
    }
    return parse(new ByteArrayInputStream(json), file.toString());
  }

  private static Collection<User> bundled() throws IOException {
    try (InputStream json =
        Objects.requireNonNull(
            UserDirectorySource.class.getResourceAsStream("/users.json"),
            "users.json is bundled")) {
      return parse(json, "the bundled users.json");
    }
  }

  private static Collection<User> parse(InputStream json, String origin) throws IOException {
    try {
      return UserDirectoryFormat.read(json);
    } catch (UserDirectoryFormat.MalformedException e) {
      throw new IOException("%s: %s".formatted(origin, e.getMessage()), e);
    }
  }
}

package dev.tandem.versioning;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The lifecycle that is in force now. One that comes from a file follows the file; what is wrong
 * with it at start is an exception, later it is logged, and the former lifecycle stays.
 */
public final class LifecycleSource implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(LifecycleSource.class);

  /** Where the contracts' jar has it. */
  static final String PACKAGED = "tandem/lifecycle.yaml";

  private final @Nullable WatchService changes;
  private volatile Lifecycle current;

  private LifecycleSource(Lifecycle first, @Nullable WatchService changes) {
    this.current = first;
    this.changes = changes;
  }

  /** One that never changes. */
  public static LifecycleSource fixed(Lifecycle lifecycle) {
    return new LifecycleSource(lifecycle, null);
  }

  /**
   * The one that is packaged with the contracts.
   *
   * @throws IllegalStateException when there is none, or more than one, or it has mistakes
   */
  public static LifecycleSource packaged() {
    return packaged(LifecycleSource.class.getClassLoader());
  }

  static LifecycleSource packaged(ClassLoader classes) {
    try {
      List<URL> found = Collections.list(classes.getResources(PACKAGED));
      if (found.size() != 1) {
        throw new IllegalStateException(
            "%s is on the class path %s: add the contracts' jar once, or name a file by tandem.versioning.lifecycle"
                .formatted(
                    PACKAGED, found.isEmpty() ? "nowhere" : found.size() + " times: " + found));
      }
      try (InputStream yaml = found.getFirst().openStream()) {
        return fixed(required(LifecycleFile.parse(PACKAGED, yaml.readAllBytes())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read %s from the class path".formatted(PACKAGED), e);
    }
  }

  /**
   * The one in a file, from now on as the file has it.
   *
   * @throws IllegalStateException when it has mistakes, naming the setting and all of them
   */
  public static LifecycleSource following(Path file) {
    Path path = file.toAbsolutePath();
    // Watching begins before the first read, so that no change falls between the two.
    WatchService watch = watchFolderOf(path);
    LifecycleSource source = new LifecycleSource(firstReading(path, watch), watch);
    source.report(path);
    Thread.ofVirtual().name("lifecycle").start(() -> source.follow(path, watch));
    return source;
  }

  private static Lifecycle firstReading(Path path, WatchService watch) {
    try {
      return required(LifecycleFile.read(path));
    } catch (IllegalStateException e) {
      closeQuietly(watch);
      throw e;
    }
  }

  /** What is in force at this moment. */
  public Lifecycle current() {
    return current;
  }

  void replaceBy(Lifecycle next) {
    current = next;
  }

  private static Lifecycle required(LifecycleReading reading) {
    return switch (reading) {
      case LifecycleReading.Valid(Lifecycle lifecycle) -> lifecycle;
      case LifecycleReading.Invalid invalid ->
          throw new IllegalStateException(
              "the lifecycle (tandem.versioning.lifecycle) was refused:\n" + invalid);
    };
  }

  /**
   * Watches the folder, not the file: Kubernetes replaces a mounted ConfigMap by swapping a
   * symbolic link (..data) beside it, which never touches the file's own name.
   */
  private static WatchService watchFolderOf(Path file) {
    Path folder = Objects.requireNonNull(file.getParent(), "an absolute file has a folder");
    try {
      WatchService watch = folder.getFileSystem().newWatchService();
      try {
        folder.register(
            watch,
            StandardWatchEventKinds.ENTRY_CREATE,
            StandardWatchEventKinds.ENTRY_MODIFY,
            StandardWatchEventKinds.ENTRY_DELETE);
        return watch;
      } catch (IOException e) {
        closeQuietly(watch);
        throw e;
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          "tandem.versioning.lifecycle: cannot watch %s (%s): mount the file there, or unset it"
              .formatted(folder, e),
          e);
    }
  }

  private void follow(Path file, WatchService watch) {
    try {
      while (true) {
        WatchKey key = watch.take();
        // Which file changed does not matter: an unchanged lifecycle is recognised when it is read.
        key.pollEvents();
        key.reset();
        reread(file);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ClosedWatchServiceException _) {
      LOG.debug("The service stops: no longer watching the lifecycle");
    }
  }

  private void reread(Path file) {
    switch (LifecycleFile.read(file)) {
      case LifecycleReading.Invalid invalid ->
          LOG.errorf("The lifecycle stays as it was read last:%n%s", invalid);
      case LifecycleReading.Valid(Lifecycle lifecycle) -> {
        if (!lifecycle.equals(current)) {
          replaceBy(lifecycle);
          report(file);
        }
      }
    }
  }

  private void report(Path file) {
    LOG.infof(
        "The lifecycle in %s: %s",
        file,
        new TreeMap<>(current.packages())
            .entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue().word())
                .collect(Collectors.joining(", ")));
  }

  @Override
  public void close() {
    if (changes != null) {
      closeQuietly(changes);
    }
  }

  private static void closeQuietly(WatchService watch) {
    try {
      watch.close();
    } catch (IOException e) {
      LOG.debug("Cannot stop watching the lifecycle", e);
    }
  }
}

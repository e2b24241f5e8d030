package dev.tandem.lifecycle.rehearsal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.lifecycle.DrainParticipant;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** Follows its cues, and has a pool that every held call needs to the end. */
@Singleton
final class Stage implements DrainParticipant {

  private final CountDownLatch left = new CountDownLatch(1);
  private final Queue<Runnable> onFinish = new ConcurrentLinkedQueue<>();
  private final Queue<Runnable> onEndOfStreams = new ConcurrentLinkedQueue<>();
  private volatile boolean poolOpen = true;

  void start(@Observes StartupEvent event) {
    Thread.ofPlatform().daemon().name("cues").start(this::followCues);
  }

  private void followCues() {
    try (BufferedReader cues = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      for (String cue = cues.readLine(); cue != null; cue = cues.readLine()) {
        switch (cue) {
          case "left" -> left.countDown();
          case "finish" -> onFinish.forEach(Runnable::run);
          default -> throw new IllegalArgumentException("an unknown cue: " + cue);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void onFinish(Runnable action) {
    onFinish.add(action);
  }

  void onEndOfStreams(Runnable action) {
    onEndOfStreams.add(action);
  }

  String pool() {
    return poolOpen ? "open pool" : "closed pool";
  }

  @Override
  public void leave() throws InterruptedException {
    System.out.println("leaving");
    left.await();
    System.out.println("left");
  }

  @Override
  public void endStreams() {
    System.out.println("ending streams");
    onEndOfStreams.forEach(Runnable::run);
  }

  @PreDestroy
  void closePool() {
    poolOpen = false;
    System.out.println("pool closed");
  }
}

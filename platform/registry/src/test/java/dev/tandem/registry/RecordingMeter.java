package dev.tandem.registry;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers what it was told. */
final class RecordingMeter implements RegistryMeter {

  private final Map<String, Knowledge> watched = new ConcurrentHashMap<>();
  final AtomicInteger reregistered = new AtomicInteger();
  final AtomicInteger skipped = new AtomicInteger();
  final List<Boolean> turns = new CopyOnWriteArrayList<>();

  @Override
  public void watched(String service, Knowledge knowledge) {
    watched.put(service, knowledge);
  }

  Knowledge knowledgeOf(String service) {
    return Objects.requireNonNull(watched.get(service));
  }

  @Override
  public void forgotten(String service) {
    watched.remove(service);
  }

  @Override
  public void reregistered(String service) {
    reregistered.incrementAndGet();
  }

  @Override
  public void skipped(String service) {
    skipped.incrementAndGet();
  }

  @Override
  public void healthTurned(String service, boolean serving) {
    turns.add(serving);
  }
}

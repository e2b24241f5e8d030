package dev.tandem.versioning;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Names that may be a metric's label: the first so many, because every label is a time series for
 * as long as the process lives, and names come from outside.
 */
final class BoundedNames {

  static final String OTHER = "other";

  private static final int LONGEST = 128;

  private final int most;
  private final Set<String> names = ConcurrentHashMap.newKeySet();
  private final AtomicInteger taken = new AtomicInteger();

  BoundedNames(int most) {
    this.most = most;
  }

  String label(String name) {
    if (names.contains(name)) {
      return name;
    }
    if (name.length() > LONGEST || taken.getAndUpdate(n -> n < most ? n + 1 : n) >= most) {
      return OTHER;
    }
    if (!names.add(name)) {
      taken.decrementAndGet();
    }
    return name;
  }
}

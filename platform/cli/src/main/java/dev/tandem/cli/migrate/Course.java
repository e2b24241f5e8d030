package dev.tandem.cli.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The phases of a migration in their order.
 *
 * @param shares the shares of calls, in percent, rising, the last one 100
 */
record Course(List<Integer> shares) {

  static final Course USUAL = new Course(List.of(1, 5, 20, 50, 100));

  Course {
    shares = List.copyOf(shares);
    if (shares.isEmpty() || shares.getLast() != 100) {
      throw new IllegalArgumentException(
          "the shares %s do not end with 100: the old deployment would keep calls for ever"
              .formatted(shares));
    }
    int last = 0;
    for (int share : shares) {
      if (share <= last || share > 100) {
        throw new IllegalArgumentException(
            "the shares %s must rise from 1 to 100 percent".formatted(shares));
      }
      last = share;
    }
  }

  List<Phase> phases() {
    List<Phase> phases = new ArrayList<>();
    phases.add(new Phase.Untouched());
    phases.add(new Phase.Beside());
    phases.add(new Phase.Mirrored());
    shares.forEach(share -> phases.add(new Phase.Shifted(share)));
    phases.add(new Phase.Deprecation());
    phases.add(new Phase.Retirement());
    return phases;
  }

  Optional<Phase> after(Phase phase) {
    return neighbour(phase, 1);
  }

  Optional<Phase> before(Phase phase) {
    return neighbour(phase, -1);
  }

  boolean isReached(Phase phase, Phase goal) {
    return phases().indexOf(phase) >= phases().indexOf(goal);
  }

  private Optional<Phase> neighbour(Phase phase, int distance) {
    List<Phase> phases = phases();
    int at = phases.indexOf(phase);
    int found = at + distance;
    return at < 0 || found < 0 || found >= phases.size()
        ? Optional.empty()
        : Optional.of(phases.get(found));
  }
}

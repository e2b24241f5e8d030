package dev.tandem.topology;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The naming rules of Kubernetes and Docker; each answers what is wrong with a text, if anything.
 */
final class Names {

  /** RFC 1123: the longest label. */
  static final int LABEL_LENGTH = 63;

  /** Cilium: the longest name of a cluster. */
  static final int CLUSTER_NAME_LENGTH = 32;

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?");
  private static final Pattern DOCKER_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]+");

  private Names() {}

  /** An RFC 1123 label, as Kubernetes asks of names. */
  static Optional<String> problemOfLabel(String text, int longest) {
    if (text.length() > longest) {
      return tooLong(text, longest);
    }
    return LABEL.matcher(text).matches()
        ? Optional.empty()
        : Optional.of("may hold only a-z, 0-9 and inner hyphens (RFC 1123)");
  }

  /**
   * A label that starts with a letter, so that names of Kubernetes objects can start with it, and
   * that Cilium takes.
   */
  static Optional<String> problemOfClusterName(String text) {
    Optional<String> problem = problemOfLabel(text, CLUSTER_NAME_LENGTH);
    if (problem.isPresent()) {
      return problem;
    }
    return Character.isDigit(text.charAt(0))
        ? Optional.of("must start with a letter")
        : Optional.empty();
  }

  /** The value of a Kubernetes label: regions and zones are labels of nodes. */
  static Optional<String> problemOfLabelValue(String text) {
    if (text.length() > LABEL_LENGTH) {
      return tooLong(text, LABEL_LENGTH);
    }
    return LABEL_VALUE.matcher(text).matches()
        ? Optional.empty()
        : Optional.of("may hold only letters, digits and inner hyphens, dots and underscores");
  }

  /** A DNS name: RFC 1123 labels joined by dots. */
  static Optional<String> problemOfDomain(String text) {
    if (text.length() > 253) {
      return tooLong(text, 253);
    }
    for (String label : text.split("\\.", -1)) {
      Optional<String> problem = problemOfLabel(label, LABEL_LENGTH);
      if (problem.isPresent()) {
        return Optional.of("must be a DNS name in lower case, such as cluster.local");
      }
    }
    return Optional.empty();
  }

  static Optional<String> problemOfDockerNetwork(String text) {
    if (text.equals("bridge") || text.equals("host") || text.equals("none")) {
      return Optional.of("is a network that Docker itself defines");
    }
    return DOCKER_NAME.matcher(text).matches()
        ? Optional.empty()
        : Optional.of("must be two or more letters, digits, hyphens, dots and underscores");
  }

  /** kubeconfig puts no rule on the name of a context; a line break would break our own output. */
  static Optional<String> problemOfContext(String text) {
    return text.chars().anyMatch(Character::isISOControl)
        ? Optional.of("holds a control character")
        : Optional.empty();
  }

  private static Optional<String> tooLong(String text, int longest) {
    return Optional.of("has %d characters; %d is the limit".formatted(text.length(), longest));
  }

  static void require(String what, String text, Optional<String> problem) {
    problem.ifPresent(
        reason -> {
          throw new IllegalArgumentException("%s \"%s\" %s".formatted(what, text, reason));
        });
  }
}

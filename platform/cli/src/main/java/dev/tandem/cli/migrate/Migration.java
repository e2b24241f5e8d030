package dev.tandem.cli.migrate;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which service goes from what to what.
 *
 * @param service the Kubernetes Service, such as user
 * @param fromPackage the contract that its callers speak now, such as tandem.user.v1
 * @param toPackage the contract that replaces it
 * @param image of the new deployment; the old one's when none is given
 * @param environment what the new deployment is told differently
 * @param course the phases
 */
record Migration(
    String service,
    String fromPackage,
    String toPackage,
    Optional<String> image,
    Map<String, String> environment,
    Course course) {

  private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]{0,48}[a-z0-9])?");
  private static final Pattern PACKAGE = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+");

  Migration {
    environment = Map.copyOf(environment);
    if (!NAME.matcher(service).matches()) {
      throw new IllegalArgumentException("\"%s\" is no name of a service".formatted(service));
    }
    for (String name : new String[] {fromPackage, toPackage}) {
      if (!PACKAGE.matcher(name).matches()) {
        throw new IllegalArgumentException("\"%s\" is no package of a contract".formatted(name));
      }
    }
    if (fromPackage.equals(toPackage)) {
      throw new IllegalArgumentException(
          "%s is what callers speak already: there is nothing to migrate to".formatted(toPackage));
    }
  }

  /** The new deployment's name, beside the old one, which has the service's. */
  String candidate() {
    return service + "-candidate";
  }
}

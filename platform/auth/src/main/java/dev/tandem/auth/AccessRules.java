package dev.tandem.auth;

import dev.tandem.auth.TokenCheck.Valid;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who may call what.
 *
 * @param exempt gRPC services that answer without a token
 * @param rules ways to be allowed
 */
public record AccessRules(Set<String> exempt, List<Rule> rules) {

  private static final String SERVICE = "[A-Za-z_][\\w.]*";
  private static final Pattern SERVICE_NAME = Pattern.compile(SERVICE);
  private static final Pattern METHOD_OR_SERVICE = Pattern.compile(SERVICE + "(/[A-Za-z_]\\w*)?");

  /**
   * One way to be allowed: the subject is one of these and holds all of these scopes.
   *
   * @param methods methods such as {@code tandem.user.v1.UserService/GetUser}, or services
   * @param subjects who may call; empty: anybody who holds the scopes
   * @param scopes what the token has to hold, all of it; empty: nothing
   */
  public record Rule(Set<String> methods, Set<String> subjects, Set<String> scopes) {

    /** Copies what it is given. */
    public Rule {
      methods = Set.copyOf(methods);
      subjects = Set.copyOf(subjects);
      scopes = Set.copyOf(scopes);
    }

    private boolean allows(Valid token) {
      return (subjects.isEmpty() || subjects.contains(token.caller().name()))
          && token.scopes().containsAll(scopes);
    }
  }

  /**
   * Checks the rules.
   *
   * @throws IllegalArgumentException naming the setting, its value and what it has to be
   */
  public AccessRules {
    exempt = Set.copyOf(exempt);
    rules = List.copyOf(rules);
    exempt.forEach(
        service ->
            Setting.require(
                SERVICE_NAME.matcher(service).matches(),
                "exempt",
                service,
                "it has to be a service's full name, such as grpc.health.v1.Health"));
    for (int i = 0; i < rules.size(); i++) {
      check(rules.get(i), "rules[" + i + "].");
    }
  }

  private static void check(Rule rule, String prefix) {
    Setting.require(!rule.methods.isEmpty(), prefix + "methods", "", "name at least one method");
    rule.methods.forEach(
        method ->
            Setting.require(
                METHOD_OR_SERVICE.matcher(method).matches(),
                prefix + "methods",
                method,
                "it has to be a method such as tandem.user.v1.UserService/GetUser, or a service"));
    Setting.require(
        !rule.subjects.isEmpty() || !rule.scopes.isEmpty(),
        prefix + "subjects",
        "",
        "name subjects or scopes: a rule without either would allow everybody");
  }

  /** Health and reflection without a token, everything else to every caller with a valid one. */
  public static AccessRules standard() {
    return new AccessRules(
        Set.of(
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection"),
        List.of());
  }

  /** The rules that the settings give. */
  public static AccessRules from(AuthSettings settings) {
    return new AccessRules(
        Set.copyOf(settings.exempt().orElse(List.of())),
        settings.rules().stream()
            .map(
                rule ->
                    new Rule(
                        Set.copyOf(rule.methods()),
                        rule.subjects().orElse(Set.of()),
                        rule.scopes().orElse(Set.of())))
            .toList());
  }

  boolean needToken(MethodDescriptor<?, ?> method) {
    return !exempt.contains(String.valueOf(method.getServiceName()));
  }

  boolean allow(MethodDescriptor<?, ?> method, Valid token) {
    if (rules.isEmpty()) {
      return true;
    }
    List<Rule> named = naming(method.getFullMethodName());
    if (named.isEmpty()) {
      named = naming(String.valueOf(method.getServiceName()));
    }
    return named.isEmpty() || named.stream().anyMatch(rule -> rule.allows(token));
  }

  private List<Rule> naming(String methodOrService) {
    return rules.stream().filter(rule -> rule.methods.contains(methodOrService)).toList();
  }
}

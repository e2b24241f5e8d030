package dev.tandem.ratelimit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who may make how many calls.
 *
 * @param limit of every caller who is not among {@code callers}
 * @param callers limits by verified name
 * @param methods further limits by method ({@code package.Service/Method}), of each caller; {@code
 *     name package.Service/Method} is that method's for one verified name
 * @param exempt services that are not counted, by their full names
 * @param sidecars where {@code x-forwarded-client-cert} is true
 * @param trustedProxies where {@code x-forwarded-for} is true
 * @param trustedWorkloads SPIFFE identities whose {@code x-forwarded-for} is true
 * @param buckets the most that are kept for verified callers, and the most for addresses
 */
public record RateLimitPolicy(
    Limit limit,
    Map<String, Limit> callers,
    Map<String, Limit> methods,
    Set<String> exempt,
    List<AddressRange> sidecars,
    List<AddressRange> trustedProxies,
    Set<String> trustedWorkloads,
    int buckets) {

  private static final int FEWEST_BUCKETS = 100;
  private static final int MOST_BUCKETS = 1_000_000;

  private static final Pattern METHOD =
      Pattern.compile("(.+ )?[A-Za-z_][A-Za-z0-9_.]*/[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern SERVICE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");

  /**
   * Checks what can be checked.
   *
   * @throws IllegalArgumentException naming the part, the value and the fix
   */
  public RateLimitPolicy {
    callers = Map.copyOf(callers);
    methods = Map.copyOf(methods);
    exempt = Set.copyOf(exempt);
    sidecars = List.copyOf(sidecars);
    trustedProxies = List.copyOf(trustedProxies);
    trustedWorkloads = Set.copyOf(trustedWorkloads);
    for (String name : callers.keySet()) {
      require(!name.isBlank(), "callers", name, "name a caller, such as caller=1000/s");
    }
    for (String method : methods.keySet()) {
      require(
          METHOD.matcher(method).matches(),
          "methods",
          method,
          "write package.Service/Method, such as tandem.user.v1.UserService/GetUser");
    }
    for (String service : exempt) {
      require(
          SERVICE.matcher(service).matches(),
          "exempt",
          service,
          "write the full name of a service, such as grpc.health.v1.Health");
    }
    for (String workload : trustedWorkloads) {
      require(
          workload.startsWith("spiffe://"),
          "trusted-workloads",
          workload,
          "write a SPIFFE identity, such as spiffe://cluster.local/ns/istio-system/sa/gateway");
    }
    require(
        buckets >= FEWEST_BUCKETS && buckets <= MOST_BUCKETS,
        "buckets",
        Integer.toString(buckets),
        "choose %d to %d".formatted(FEWEST_BUCKETS, MOST_BUCKETS));
  }

  /** One limit for every caller, health exempt, no proxies, 10000 buckets of each kind. */
  public static RateLimitPolicy of(Limit limit) {
    return new RateLimitPolicy(
        limit,
        Map.of(),
        Map.of(),
        Set.of("grpc.health.v1.Health"),
        List.of(),
        List.of(),
        Set.of(),
        10_000);
  }

  static RateLimitPolicy from(RateLimitSettings settings) {
    return new RateLimitPolicy(
        settings.limit(),
        settings.callers().map(Limits::byName).orElse(Map.of()),
        settings.methods().map(Limits::byName).orElse(Map.of()),
        settings.exempt().orElse(Set.of()),
        settings.sidecars().orElse(List.of()),
        settings.trustedProxies().orElse(List.of()),
        settings.trustedWorkloads().orElse(Set.of()),
        settings.buckets());
  }

  CallerIdentification identification() {
    return new CallerIdentification(sidecars, trustedProxies, trustedWorkloads);
  }

  boolean exempts(String service) {
    return exempt.contains(service);
  }

  /** Whether somebody thought of this caller: their bucket is never denied for want of room. */
  boolean knows(CountedCaller caller) {
    return caller instanceof CountedCaller.Verified(String name) && callers.containsKey(name);
  }

  Limit limitOf(CountedCaller caller) {
    return caller instanceof CountedCaller.Verified(String name)
        ? callers.getOrDefault(name, limit)
        : limit;
  }

  Optional<Limit> limitOf(CountedCaller caller, String method) {
    if (methods.isEmpty()) {
      return Optional.empty();
    }
    if (caller instanceof CountedCaller.Verified(String name)) {
      Limit own = methods.get(name + " " + method);
      if (own != null) {
        return Optional.of(own);
      }
    }
    return Optional.ofNullable(methods.get(method));
  }

  private static void require(boolean sound, String part, String value, String fix) {
    if (!sound) {
      throw new IllegalArgumentException(
          "tandem.ratelimit.%s: \"%s\" is not usable: %s".formatted(part, value, fix));
    }
  }
}

package dev.tandem.topology;

import dev.tandem.topology.ClusterEntry.ProviderName;
import dev.tandem.topology.Diagnostic.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Checks that no address belongs to two: pods and Services of all of kind's clusters and the Docker
 * subnet among each other, load balancers within the Docker subnet. Every fix names a free range.
 */
final class AddressPlan {

  private static final AddressRange PRIVATE = AddressRange.of("10.0.0.0/8");
  private static final AddressRange FIRST_PODS = AddressRange.of("10.10.0.0/16");
  private static final AddressRange FIRST_SERVICES = AddressRange.of("10.110.0.0/16");

  private final Findings findings;

  private record Claim(String owner, AddressRange range, Position position) {}

  AddressPlan(Findings findings) {
    this.findings = findings;
  }

  void check(Field<AddressRange> docker, List<ClusterEntry> entries) {
    List<ClusterEntry> ours =
        entries.stream().filter(entry -> entry.isFrom(ProviderName.KIND)).toList();
    checkSubnets(docker, ours);
    docker
        .present()
        .map(Field.Present::value)
        .ifPresent(subnet -> checkLoadBalancers(subnet, ours));
  }

  private void checkSubnets(Field<AddressRange> docker, List<ClusterEntry> entries) {
    List<Claim> claims = new ArrayList<>();
    claim("the Docker subnet", docker).ifPresent(claims::add);
    for (ClusterEntry entry : entries) {
      claim("podSubnet of " + entry.label(), entry.podSubnet()).ifPresent(claims::add);
      claim("serviceSubnet of " + entry.label(), entry.serviceSubnet()).ifPresent(claims::add);
    }
    List<AddressRange> taken = rangesOf(claims);
    for (int i = 0; i < claims.size(); i++) {
      Claim claim = claims.get(i);
      firstOverlap(claim, claims.subList(0, i))
          .ifPresent(other -> reportOverlap(claim, other, freeAfter(claim.range(), taken)));
    }
    for (ClusterEntry entry : entries) {
      proposeMissing(entry, "podSubnet", entry.podSubnet(), FIRST_PODS, taken);
      proposeMissing(entry, "serviceSubnet", entry.serviceSubnet(), FIRST_SERVICES, taken);
    }
  }

  private void checkLoadBalancers(AddressRange docker, List<ClusterEntry> entries) {
    AddressRange nodes = DockerNetwork.nodeRangeOf(docker);
    var nodesClaim = new Claim("the nodes' part of the Docker subnet", nodes, Position.START);
    List<Claim> claims = new ArrayList<>(List.of(nodesClaim));
    for (ClusterEntry entry : entries) {
      claim("loadBalancers of " + entry.label(), entry.loadBalancers()).ifPresent(claims::add);
    }
    List<AddressRange> taken = rangesOf(claims);
    for (int i = 1; i < claims.size(); i++) {
      Claim claim = claims.get(i);
      if (!docker.contains(claim.range())) {
        findings.add(
            claim.position(),
            "%s, %s, is outside the Docker subnet %s"
                .formatted(claim.owner(), claim.range(), docker),
            fix(freeForLoadBalancers(docker, nodes.prefix(), taken)));
      } else {
        firstOverlap(claim, claims.subList(0, i))
            .ifPresent(
                other ->
                    reportOverlap(
                        claim,
                        other,
                        freeForLoadBalancers(
                            docker, Math.max(claim.range().prefix(), nodes.prefix()), taken)));
      }
    }
    for (ClusterEntry entry : entries) {
      if (entry.loadBalancers() instanceof Field.Absent<AddressRange>) {
        reportMissing(entry, "loadBalancers", freeForLoadBalancers(docker, nodes.prefix(), taken));
      }
    }
  }

  private void proposeMissing(
      ClusterEntry entry,
      String key,
      Field<AddressRange> range,
      AddressRange usual,
      List<AddressRange> taken) {
    if (range instanceof Field.Absent<AddressRange>) {
      reportMissing(entry, key, free(usual, PRIVATE, taken));
    }
  }

  private void reportMissing(ClusterEntry entry, String key, Optional<AddressRange> free) {
    findings.add(
        entry.position(),
        "%s has no %s".formatted(entry.label(), key),
        free.map(range -> "add \"%s: %s\", which is free".formatted(key, range))
            .orElse("add one that overlaps nothing else"));
  }

  private void reportOverlap(Claim claim, Claim other, Optional<AddressRange> free) {
    findings.add(
        claim.position(),
        "%s, %s, overlaps %s, %s"
            .formatted(claim.owner(), claim.range(), other.owner(), other.range()),
        fix(free));
  }

  private static String fix(Optional<AddressRange> free) {
    return free.map("write %s, which is free"::formatted)
        .orElse("choose one that overlaps nothing else");
  }

  private static Optional<Claim> claim(String owner, Field<AddressRange> range) {
    return range.present().map(present -> new Claim(owner, present.value(), present.position()));
  }

  private static Optional<Claim> firstOverlap(Claim claim, List<Claim> earlier) {
    return earlier.stream().filter(other -> other.range().overlaps(claim.range())).findFirst();
  }

  private static List<AddressRange> rangesOf(List<Claim> claims) {
    return new ArrayList<>(claims.stream().map(Claim::range).toList());
  }

  private static Optional<AddressRange> freeAfter(AddressRange range, List<AddressRange> taken) {
    AddressRange start = PRIVATE.contains(range) ? range : PRIVATE.lowest(range.prefix());
    return free(start, PRIVATE, taken);
  }

  /** As many addresses as the usual prefix gives, or fewer where that many are not to be had. */
  private static Optional<AddressRange> freeForLoadBalancers(
      AddressRange docker, int usualPrefix, List<AddressRange> taken) {
    return IntStream.rangeClosed(usualPrefix, RangeRule.LONGEST_LOAD_BALANCERS)
        .mapToObj(prefix -> free(docker.lowest(prefix), docker, taken))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /**
   * The first range as large as {@code start}, from there on, that is within {@code space} and
   * overlaps none of {@code taken}; it is then taken, so that two proposals never collide.
   */
  private static Optional<AddressRange> free(
      AddressRange start, AddressRange space, List<AddressRange> taken) {
    for (long first = start.first(); first + start.size() - 1 <= space.last(); ) {
      var candidate = new AddressRange(first, start.prefix());
      Optional<AddressRange> obstacle = taken.stream().filter(candidate::overlaps).findFirst();
      if (obstacle.isEmpty()) {
        taken.add(candidate);
        return Optional.of(candidate);
      }
      long beyond = Math.max(obstacle.get().last(), candidate.last()) + 1;
      first = Math.ceilDiv(beyond, start.size()) * start.size();
    }
    return Optional.empty();
  }
}

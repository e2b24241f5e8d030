package dev.tandem.topology;

import dev.tandem.topology.AddressRange.Reading;
import dev.tandem.topology.Field.Present;

/** Reads a range under a key and judges it by its rule. */
final class RangeReader {

  private final Findings findings;

  RangeReader(Findings findings) {
    this.findings = findings;
  }

  Field<AddressRange> read(Section section, String key, RangeRule rule) {
    return section.text(key).flatMap(text -> read(section.label(), key, rule, text));
  }

  private Field<AddressRange> read(String owner, String key, RangeRule rule, Present<String> text) {
    return switch (AddressRange.read(text.value())) {
      case Reading.Canonical(AddressRange range) -> judged(owner, key, rule, text, range);
      case Reading.HostBitsSet(AddressRange range) -> {
        findings.add(
            text.position(),
            "%s %s of %s is not canonical: bits are set after the first %d"
                .formatted(key, text.value(), owner, range.prefix()),
            "write " + range);
        yield judged(owner, key, rule, text, range);
      }
      case Reading.Malformed(String reason) -> {
        findings.add(
            text.position(),
            "%s of %s is no range: \"%s\" %s".formatted(key, owner, text.value(), reason),
            "write an IPv4 range such as 10.10.0.0/16");
        yield new Field.Faulty<>();
      }
    };
  }

  /** A range that breaks its rule will be replaced: whom it overlaps does not matter. */
  private Field<AddressRange> judged(
      String owner, String key, RangeRule rule, Present<String> text, AddressRange range) {
    return rule.violationBy(range)
        .<Field<AddressRange>>map(
            violation -> {
              findings.add(
                  text.position(),
                  "%s %s of %s %s".formatted(key, range, owner, violation.problem()),
                  violation.fix());
              return new Field.Faulty<>();
            })
        .orElseGet(() -> new Present<>(range, text.position()));
  }
}

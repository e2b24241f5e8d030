package dev.tandem.topology;

/**
 * What the clusters have in common.
 *
 * @param id Istio's mesh ID
 * @param trustDomain the trust domain of the workloads' identities (SPIFFE)
 */
public record Mesh(String id, String trustDomain) {
  public Mesh {
    Names.require("mesh id", id, Names.problemOfLabel(id, Names.LABEL_LENGTH));
    Names.require("trust domain", trustDomain, Names.problemOfDomain(trustDomain));
  }
}

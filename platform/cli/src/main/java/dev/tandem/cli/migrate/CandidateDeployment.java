package dev.tandem.cli.migrate;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The new deployment: the old one as it runs now, with another name, its own track, and what the
 * migration says differently. Its pods have the old ones' labels besides, so that the Service, the
 * policies and the disruption budget hold for them.
 */
final class CandidateDeployment {

  private CandidateDeployment() {}

  static Deployment of(Deployment stable, Migration migration) {
    Map<String, String> track = Map.of(IstioSplit.TRACK_LABEL, Track.CANDIDATE.label());
    Map<String, String> labels = without(stable.getMetadata().getLabels(), "helm.sh/chart");
    labels.put("app.kubernetes.io/managed-by", "tandem-migrate");
    labels.putAll(track);
    Map<String, String> selector = new HashMap<>(stable.getSpec().getSelector().getMatchLabels());
    selector.putAll(track);
    return new DeploymentBuilder()
        .withMetadata(
            new ObjectMetaBuilder()
                .withName(migration.candidate())
                .withNamespace(stable.getMetadata().getNamespace())
                .withLabels(labels)
                .build())
        .withNewSpecLike(stable.getSpec())
        .withNewSelector()
        .withMatchLabels(selector)
        .endSelector()
        .withTemplate(template(stable, migration, track))
        .endSpec()
        .build();
  }

  /** The pods of the old deployment, as those of the new one are but for their track. */
  static PodTemplateSpec promoted(Deployment stable, Migration migration) {
    return template(stable, migration, Map.of(IstioSplit.TRACK_LABEL, Track.STABLE.label()));
  }

  private static PodTemplateSpec template(
      Deployment stable, Migration migration, Map<String, String> track) {
    PodTemplateSpec template = new PodTemplateSpecBuilder(stable.getSpec().getTemplate()).build();
    Map<String, String> labels = without(template.getMetadata().getLabels());
    labels.putAll(track);
    template.getMetadata().setLabels(labels);
    Container service = template.getSpec().getContainers().getFirst();
    migration.image().ifPresent(service::setImage);
    List<EnvVar> environment = new ArrayList<>(service.getEnv());
    environment.removeIf(variable -> migration.environment().containsKey(variable.getName()));
    migration
        .environment()
        .forEach(
            (name, value) ->
                environment.add(new EnvVarBuilder().withName(name).withValue(value).build()));
    service.setEnv(environment);
    return template;
  }

  private static Map<String, String> without(Map<String, String> labels, String... names) {
    Map<String, String> rest = new HashMap<>(labels);
    for (String name : names) {
      rest.remove(name);
    }
    return rest;
  }
}

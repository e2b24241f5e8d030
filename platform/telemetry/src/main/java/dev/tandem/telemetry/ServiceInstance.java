package dev.tandem.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Optional;

/**
 * The process that everything here is about: the same on each of its spans.
 *
 * @param service the service's name
 * @param version the release, such as the image's tag
 * @param cluster the cluster's name in the topology
 * @param region the cluster's region, if it has one
 * @param zone the cluster's zone, if it has one
 * @param namespace the pod's namespace, if it runs in Kubernetes
 * @param pod the pod's name, or the host's
 * @param deploymentDigest what was deployed: the image's digest, or its tag
 * @param configurationDigest what it was configured with; see {@link ConfigurationDigest}
 */
public record ServiceInstance(
    String service,
    String version,
    String cluster,
    Optional<String> region,
    Optional<String> zone,
    Optional<String> namespace,
    String pod,
    String deploymentDigest,
    String configurationDigest) {

  static final AttributeKey<String> SERVICE_NAME = AttributeKey.stringKey("service.name");
  static final AttributeKey<String> SERVICE_VERSION = AttributeKey.stringKey("service.version");
  static final AttributeKey<String> SERVICE_INSTANCE_ID =
      AttributeKey.stringKey("service.instance.id");
  static final AttributeKey<String> CLUSTER = AttributeKey.stringKey("k8s.cluster.name");
  static final AttributeKey<String> NAMESPACE = AttributeKey.stringKey("k8s.namespace.name");
  static final AttributeKey<String> POD = AttributeKey.stringKey("k8s.pod.name");
  static final AttributeKey<String> REGION = AttributeKey.stringKey("cloud.region");
  static final AttributeKey<String> ZONE = AttributeKey.stringKey("cloud.availability_zone");

  /** OpenTelemetry has lists of image digests and tags; what runs is one. */
  static final AttributeKey<String> DEPLOYMENT_DIGEST =
      AttributeKey.stringKey("tandem.deployment.digest");

  /** OpenTelemetry has no name for it: a release of configuration alone leaves the rest as is. */
  static final AttributeKey<String> CONFIGURATION_DIGEST =
      AttributeKey.stringKey("tandem.configuration.digest");

  Attributes attributes() {
    AttributesBuilder attributes =
        Attributes.builder()
            .put(SERVICE_NAME, service)
            .put(SERVICE_VERSION, version)
            .put(SERVICE_INSTANCE_ID, pod)
            .put(CLUSTER, cluster)
            .put(POD, pod)
            .put(DEPLOYMENT_DIGEST, deploymentDigest)
            .put(CONFIGURATION_DIGEST, configurationDigest);
    region.ifPresent(name -> attributes.put(REGION, name));
    zone.ifPresent(name -> attributes.put(ZONE, name));
    namespace.ifPresent(name -> attributes.put(NAMESPACE, name));
    return attributes.build();
  }

  Resource resource() {
    return Resource.getDefault().merge(Resource.create(attributes(), Rpc.SCHEMA_URL));
  }
}

package dev.tandem.cli.topology;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.tandem.topology.Cluster;
import dev.tandem.topology.Provider;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The configuration of one of kind's clusters (kind.x-k8s.io/v1alpha4).
 *
 * @param image the node's image; kind's own choice when empty
 * @param cgroup what the host has that runs Docker
 * @param mirrors a directory of the host with containerd's hosts.toml files, mounted into the node
 */
record KindConfig(Optional<String> image, CgroupVersion cgroup, Optional<Path> mirrors) {

  private static final String MIRRORS_IN_NODE = "/etc/containerd/certs.d";

  String render(Cluster cluster, Provider.Kind kind) {
    var yaml = new StringBuilder();
    yaml.append(
        """
        kind: Cluster
        apiVersion: kind.x-k8s.io/v1alpha4
        name: %s
        networking:
          ipFamily: ipv4
          # Cilium is the network and stands in for kube-proxy.
          disableDefaultCNI: true
          kubeProxyMode: none
          podSubnet: %s
          serviceSubnet: %s
        nodes:
          - role: control-plane
        """
            .formatted(kind.clusterName(), kind.podSubnet(), kind.serviceSubnet()));
    image.ifPresent(name -> yaml.append("    image: \"%s\"\n".formatted(name)));
    yaml.append(
        """
            labels:
              topology.kubernetes.io/region: "%s"
              topology.kubernetes.io/zone: "%s"
        """
            .formatted(cluster.region(), cluster.zone()));
    mirrors.ifPresent(
        directory ->
            yaml.append(
                """
                    extraMounts:
                      - hostPath: %s
                        containerPath: %s
                        readOnly: true
                """
                    .formatted(quoted(directory.toAbsolutePath().toString()), MIRRORS_IN_NODE)));
    yaml.append(
        """
        containerdConfigPatches:
          # kind's own file is of version 2, and containerd translates its names. Mirrors are one directory for each
          # registry, read anew for each pull. Without CAP_SYS_RESOURCE no score below the runtime's own can be set.
          - |
            version = 2
            [plugins."io.containerd.grpc.v1.cri"]
              restrict_oom_score_adj = true
            [plugins."io.containerd.grpc.v1.cri".registry]
              config_path = "%s"
        """
            .formatted(MIRRORS_IN_NODE));
    switch (cgroup) {
      case V1 ->
          yaml.append(
              """
                # The kubelet below uses cgroupfs: the runtime must too. Only files of version 2 say otherwise.
                - |
                  version = 2
                  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                    SystemdCgroup = false
                  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.test-handler.options]
                    SystemdCgroup = false
              """);
      case V2 -> {}
    }
    yaml.append(
        """
        kubeadmConfigPatches:
          - |
            apiVersion: kubelet.config.k8s.io/v1beta1
            kind: KubeletConfiguration
            # Kubernetes 1.35 and later refuse cgroup v1 unless told otherwise.
            failCgroupV1: false
            # Images come from the mirror next door: side by side they arrive sooner.
            serializeImagePulls: false
            # A node in a container may be without the right to some sysctls and to /dev/kmsg.
            featureGates:
              KubeletInUserNamespace: true
        """);
    switch (cgroup) {
      case V1 -> yaml.append("    cgroupDriver: cgroupfs\n");
      case V2 -> {}
    }
    return yaml.toString();
  }

  /** A string of JSON is one of YAML too, whatever the text holds. */
  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}

package dev.tandem.e2e.drill;

/**
 * One cluster's API server is gone; then another cluster's control plane has to start without it.
 * Its static pod's manifest is moved out of kubelet's sight, and back.
 */
final class ApiServerGone implements Fault {
  private static final String MANIFEST = "/etc/kubernetes/manifests/kube-apiserver.yaml";
  private static final String ASIDE = "/etc/kubernetes/kube-apiserver.yaml.drill";

  private final Node node;
  private final Node watcher;
  private final Part watcherControlPlane;

  ApiServerGone(Node node, Node watcher, Part watcherControlPlane) {
    this.node = node;
    this.watcher = watcher;
    this.watcherControlPlane = watcherControlPlane;
  }

  @Override
  public void strike() {
    node.run("mv", MANIFEST, ASIDE).orFail();
    node.run("pkill", "-KILL", "-x", "kube-apiserver");
    watcher.kill(watcherControlPlane.pods());
  }

  @Override
  public void repair() {
    node.run("sh", "-c", "[ ! -f " + ASIDE + " ] || mv " + ASIDE + " " + MANIFEST).orFail();
    node.awaitApiServer();
    watcherControlPlane.awaitWhole();
  }
}

package dev.tandem.registry;

import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;

/**
 * Lets channels find services in a registry: {@code registry:///user} is a target.
 *
 * <pre>{@code
 * NameResolverRegistry.getDefaultRegistry().register(new RegistryNameResolverProvider(registry));
 * }</pre>
 */
public final class RegistryNameResolverProvider extends NameResolverProvider {

  /** Before a target's colon. */
  public static final String SCHEME = "registry";

  private static final int USUAL_PRIORITY = 5;

  private final ServiceRegistry registry;

  public RegistryNameResolverProvider(ServiceRegistry registry) {
    this.registry = registry;
  }

  /** Makes the scheme known to all channels of this process that are opened from now on. */
  public void install() {
    NameResolverRegistry.getDefaultRegistry().register(this);
  }

  /** Undoes {@link #install}. */
  public void uninstall() {
    NameResolverRegistry.getDefaultRegistry().deregister(this);
  }

  @Override
  public NameResolver newNameResolver(URI target, NameResolver.Args args) {
    if (!SCHEME.equals(target.getScheme())) {
      // As the contract has it: another provider's turn.
      return notOurs();
    }
    String path = String.valueOf(target.getPath());
    String service = path.startsWith("/") ? path.substring(1) : path;
    Instance.requireName("a service", service);
    return new RegistryNameResolver(registry, service);
  }

  @SuppressWarnings("NullAway") // grpc-java's class is not annotated, its contract says null.
  private static NameResolver notOurs() {
    return null;
  }

  @Override
  public String getDefaultScheme() {
    return SCHEME;
  }

  @Override
  public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
    return List.of(InetSocketAddress.class);
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return USUAL_PRIORITY;
  }
}

package dev.tandem.lifecycle;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.Collection;

/**
 * grpc.health.v1 as the protocol has it: the server as a whole under the empty name and each of its
 * services under its own. A Check of any other name is NOT_FOUND, a Watch of it says
 * SERVICE_UNKNOWN. Everything is NOT_SERVING until {@link #report} says otherwise.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/health-checking.md">GRPC Health
 *     Checking Protocol</a>
 */
public final class ServerHealth {

  private final HealthStatusManager statuses = new HealthStatusManager();
  private volatile boolean leaving;

  public ServerHealth() {
    statuses.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.NOT_SERVING);
  }

  /** The service to add to the server. */
  public BindableService service() {
    return statuses.getHealthService();
  }

  /**
   * Says of the server and of services whether they take calls. After {@link #leave} it says
   * nothing any more.
   *
   * @param services full names, such as {@code tandem.user.v1.UserService}
   */
  public void report(Collection<String> services, boolean ready) {
    ServingStatus status = ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    services.forEach(service -> statuses.setStatus(service, status));
    statuses.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
  }

  /** Says NOT_SERVING of everything, for good. Watchers hear it at once. */
  public void leave() {
    leaving = true;
    statuses.enterTerminalState();
  }

  /** Whether {@link #leave} was called. */
  public boolean leaving() {
    return leaving;
  }
}

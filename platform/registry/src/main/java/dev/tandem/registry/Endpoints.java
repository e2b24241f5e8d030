package dev.tandem.registry;

import dev.tandem.transport.Security;
import dev.tandem.transport.TlsIdentity;
import dev.tandem.transport.TransportSettings;
import dev.tandem.transport.WrongSettingException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The registry's servers, one of them in use at a time, and this process's identity to them. It is
 * read when it is first needed: files that are missing or expired are a problem with the registry,
 * and must not keep a service from starting.
 */
final class Endpoints implements AutoCloseable {

  private static final String TLS = "tandem.registry.tls.";

  private final List<Address> addresses;
  private final Security security;
  private final TransportSettings.Tls tls;
  private int next;
  private @Nullable TlsIdentity identity;

  /**
   * @throws IllegalArgumentException when a setting cannot be followed, naming key, value and fix
   */
  Endpoints(RegistrySettings settings) {
    this.addresses = addresses(settings.endpoints().orElse(List.of()));
    this.security = settings.security();
    this.tls = settings.tls();
    if (encrypted() && tls.certificate().isEmpty()) {
      throw new IllegalArgumentException(
          "tandem.registry.security: \"mutual-tls\" needs %1$scertificate, %1$skey and %1$strust; set them to files in PEM"
              .formatted(TLS));
    }
    // Not all clients of a cluster at the same member.
    this.next = ThreadLocalRandom.current().nextInt(addresses.size());
  }

  private static List<Address> addresses(List<String> texts) {
    if (texts.isEmpty()) {
      throw new IllegalArgumentException(
          "tandem.registry.endpoints is not set: say where the registry is, such as localhost:2379");
    }
    try {
      return texts.stream().map(text -> Address.of(text.strip())).toList();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("tandem.registry.endpoints: " + e.getMessage(), e);
    }
  }

  /** The one to use now. */
  synchronized Address current() {
    return addresses.get(next);
  }

  /** The one in use failed: another's turn. */
  synchronized void moveOn() {
    next = (next + 1) % addresses.size();
  }

  boolean encrypted() {
    return security == Security.MUTUAL_TLS;
  }

  synchronized TlsIdentity identity() throws ServerFailure.Refused {
    if (identity == null) {
      try {
        identity = TlsIdentity.of(TLS, tls);
      } catch (WrongSettingException e) {
        throw new ServerFailure.Refused(String.valueOf(e.getMessage()), e);
      }
    }
    return identity;
  }

  @Override
  public synchronized void close() {
    if (identity != null) {
      identity.close();
    }
  }
}

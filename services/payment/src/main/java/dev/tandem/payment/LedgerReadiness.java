package dev.tandem.payment;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Not ready before the ledger has answered over every connection that the pool keeps. The first
 * connection takes a new process, and the first statement, as long as thousands of later ones:
 * calls that came meanwhile would wait for the pool until their deadline. The way to the user
 * service is tried as well, but need not work: payments go on without it. An outage after that is
 * for calls to report, not for the mesh to hide.
 */
@Readiness
@Singleton
final class LedgerReadiness implements HealthCheck {

  private static final Logger LOG = Logger.getLogger(LedgerReadiness.class);

  private final PaymentLedger ledger;
  private final UserNames users;
  private final PaymentSettings.Database database;
  private volatile boolean ready;
  private @Nullable Thread rehearsal;

  @Inject
  LedgerReadiness(PaymentLedger ledger, UserNames users, PaymentSettings settings) {
    this.ledger = ledger;
    this.users = users;
    this.database = settings.database();
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("payment ledger").status(ready).build();
  }

  void start(@Observes StartupEvent event) {
    rehearsal = Thread.ofVirtual().name("payment-rehearsal").start(this::rehearseUntilAnswered);
  }

  void stop(@Observes ShutdownEvent event) {
    if (rehearsal != null) {
      rehearsal.interrupt();
    }
  }

  private void rehearseUntilAnswered() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          ledger.rehearse();
          users.rehearse();
          ready = true;
          return;
        } catch (LedgerException.Refused e) {
          LOG.warn("Not ready, trying again", e);
        } catch (LedgerException.Unavailable e) {
          // PaymentSchema waits for the same database, and says why.
          LOG.debugf("Not ready, trying again: %s", e.getMessage());
        }
        Thread.sleep(database.retry());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

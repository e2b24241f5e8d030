package dev.tandem.caller.control;

import dev.tandem.caller.calls.ServedBy;
import dev.tandem.caller.token.TokenSigner;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment says.
 *
 * @param self who this caller is: TANDEM_CLUSTER, TANDEM_POD, TANDEM_VERSION
 * @param signer signs the tokens that its calls carry: TANDEM_TOKEN_SIGNER; without it they carry
 *     none
 * @param grpcPort TANDEM_GRPC_PORT, 9000 by default
 * @param healthPort TANDEM_HEALTH_PORT, 8080 by default
 * @param drainTimeout how long running loads may take to end after SIGTERM:
 *     TANDEM_LIFECYCLE_DRAIN_TIMEOUT, an ISO 8601 duration, PT20S by default
 */
record Settings(
    ServedBy self,
    Optional<TokenSigner> signer,
    int grpcPort,
    int healthPort,
    Duration drainTimeout) {
  static Settings from(Map<String, String> environment) {
    return new Settings(
        new ServedBy(
            environment.getOrDefault("TANDEM_CLUSTER", ""),
            environment.getOrDefault("TANDEM_POD", ""),
            environment.getOrDefault("TANDEM_VERSION", "")),
        TokenSigner.from(environment),
        Integer.parseInt(environment.getOrDefault("TANDEM_GRPC_PORT", "9000")),
        Integer.parseInt(environment.getOrDefault("TANDEM_HEALTH_PORT", "8080")),
        Duration.parse(environment.getOrDefault("TANDEM_LIFECYCLE_DRAIN_TIMEOUT", "PT20S")));
  }
}

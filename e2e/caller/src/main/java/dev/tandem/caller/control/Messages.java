package dev.tandem.caller.control;

import com.google.protobuf.util.Durations;
import dev.tandem.caller.calls.CallResult;
import dev.tandem.caller.calls.NumberedField;
import dev.tandem.caller.calls.ServedBy;
import dev.tandem.caller.calls.StatusText;
import dev.tandem.caller.calls.StreamLimit;
import dev.tandem.caller.calls.Target;
import dev.tandem.caller.calls.Work;
import dev.tandem.caller.load.LoadPlan;
import dev.tandem.caller.probe.Finding;
import dev.tandem.caller.probe.Probe;
import dev.tandem.caller.token.Credential;
import dev.tandem.caller.token.TokenSigner;
import dev.tandem.e2e.v1.CallRecord;
import dev.tandem.e2e.v1.ProbeOutcome;
import dev.tandem.e2e.v1.ProbeRequest;
import dev.tandem.e2e.v1.RunLoadRequest;
import dev.tandem.e2e.v1.Server;
import dev.tandem.e2e.v1.TokenClaims;
import io.grpc.Metadata;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Between the control API's messages and the caller's own terms. A broken rule is an
 * IllegalArgumentException.
 */
final class Messages {
  private Messages() {}

  static LoadPlan plan(RunLoadRequest request) {
    long calls =
        switch (request.getLimitCase()) {
          case CALLS -> request.getCalls();
          case DURATION ->
              LoadPlan.callsIn(duration(request.getDuration()), request.getRatePerSecond());
          case LIMIT_NOT_SET ->
              throw new IllegalArgumentException(
                  "calls and duration are unset: one limits the load");
        };
    return new LoadPlan(
        request.getLoadId(),
        Target.parse(request.getTarget()),
        work(request.getWork()),
        request.getRatePerSecond(),
        calls,
        request.getConcurrency(),
        request.getConnections(),
        duration(request.getDeadline()),
        request.getKeepReplies());
  }

  static Work work(dev.tandem.e2e.v1.Work work) {
    return new Work(
        work.getMethod(),
        work.getRequest(),
        work.hasNumberedField()
            ? Optional.of(
                new NumberedField(
                    work.getNumberedField().getNumber(), work.getNumberedField().getPrefix()))
            : Optional.empty(),
        work.hasStream()
            ? Optional.of(
                new StreamLimit(
                    work.getStream().getMessages(), duration(work.getStream().getHold())))
            : Optional.empty());
  }

  static Credential credential(
      dev.tandem.e2e.v1.Credential credential, Optional<TokenSigner> signer) {
    return switch (credential.getKindCase()) {
      case NONE -> Credential.NONE;
      case AUTHORIZATION -> Credential.of(credential.getAuthorization());
      case SIGNED ->
          claiming(
              credential.getSigned(),
              signer.orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "credential.signed is set, but this caller has no key to sign with")));
      case KIND_NOT_SET ->
          throw new IllegalArgumentException(
              "credential is empty: set none, authorization or signed, or leave it out");
    };
  }

  /** Names that HTTP/2 does not know are refused by the one who makes the key. */
  static Metadata metadata(Map<String, String> text) {
    Metadata metadata = new Metadata();
    text.forEach(
        (name, value) ->
            metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
    return metadata;
  }

  private static Credential claiming(TokenClaims claims, TokenSigner signer) {
    return signer.claiming(
        claims.getSubject(),
        claims.getAudience(),
        duration(claims.getAge()),
        claims.hasLifetime() ? duration(claims.getLifetime()) : TokenSigner.LIFETIME);
  }

  static Probe probe(ProbeRequest request) {
    Probe.Kind kind =
        switch (request.getKind()) {
          case PROBE_KIND_TCP -> new Probe.Kind.Tcp();
          case PROBE_KIND_PLAINTEXT -> new Probe.Kind.Plaintext();
          case PROBE_KIND_TLS -> new Probe.Kind.Tls(request.getServerName());
          case PROBE_KIND_UNSPECIFIED, UNRECOGNIZED ->
              throw new IllegalArgumentException("kind is unset or unknown to this caller");
        };
    return new Probe(request.getHost(), request.getPort(), kind, duration(request.getTimeout()));
  }

  static ProbeOutcome outcome(Finding.Outcome outcome) {
    return switch (outcome) {
      case UNRESOLVED -> ProbeOutcome.PROBE_OUTCOME_UNRESOLVED;
      case CONNECT_TIMED_OUT -> ProbeOutcome.PROBE_OUTCOME_CONNECT_TIMED_OUT;
      case CONNECT_REFUSED -> ProbeOutcome.PROBE_OUTCOME_CONNECT_REFUSED;
      case CONNECTED -> ProbeOutcome.PROBE_OUTCOME_CONNECTED;
      case CLOSED -> ProbeOutcome.PROBE_OUTCOME_CLOSED;
      case TLS_REFUSED -> ProbeOutcome.PROBE_OUTCOME_TLS_REFUSED;
      case SILENT -> ProbeOutcome.PROBE_OUTCOME_SILENT;
      case ANSWERED -> ProbeOutcome.PROBE_OUTCOME_ANSWERED;
    };
  }

  static CallRecord record(CallResult result) {
    return CallRecord.newBuilder()
        .setSequence(result.sequence())
        .setIntendedStartMicros(micros(result.intendedStart()))
        .setDelayMicros(micros(result.delay()))
        .setLatencyMicros(micros(result.latency()))
        .setStatusCode(result.status().getCode().value())
        .setStatusMessage(StatusText.message(result.status()))
        .setServer(server(result.servedBy()))
        .setMessages(result.messages())
        .setFirstMessageMicros(result.firstMessage().map(Messages::micros).orElse(0L))
        .setLongestSilenceMicros(micros(result.longestSilence()))
        .addAllReplies(result.replies())
        .build();
  }

  static Server server(ServedBy servedBy) {
    return Server.newBuilder()
        .setCluster(servedBy.cluster())
        .setPod(servedBy.pod())
        .setVersion(servedBy.version())
        .build();
  }

  static Duration duration(com.google.protobuf.Duration duration) {
    Durations.checkValid(duration);
    return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
  }

  static com.google.protobuf.Duration duration(Duration duration) {
    return Durations.fromNanos(duration.toNanos());
  }

  private static long micros(Duration duration) {
    return TimeUnit.NANOSECONDS.toMicros(duration.toNanos());
  }
}

package dev.tandem.auth;

import dev.tandem.auth.TokenCheck.Expired;
import dev.tandem.auth.TokenCheck.NoKeys;
import dev.tandem.auth.TokenCheck.Rejected;
import dev.tandem.auth.TokenCheck.UnknownKey;
import dev.tandem.auth.TokenCheck.Valid;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls pass that bring a valid token, and puts their {@link dev.tandem.identity.Caller} into
 * the call's {@link Context}. All others end with
 *
 * <ul>
 *   <li>UNAUTHENTICATED: no token, or one that is not acceptable, for whatever reason;
 *   <li>PERMISSION_DENIED: a valid token whose subject or scopes do not open this method;
 *   <li>UNAVAILABLE: the issuer's keys could not be had even once, so nothing can be verified.
 * </ul>
 *
 * The descriptions are always the same: why a token is refused would help whoever forges one. The
 * log says why, never with the token. A stream is judged when it starts, and may outlast its token.
 *
 * <p>Made at startup too, for its settings' sake: when Quarkus' gRPC server finds that an
 * interceptor cannot be made, it says so in the log, and the application goes on without it.
 */
@GlobalInterceptor
@Singleton
@Startup(Interceptor.Priority.PLATFORM_BEFORE)
public final class AuthenticationInterceptor implements ServerInterceptor, Prioritized {

  /** Outside of limits and deadlines, inside of telemetry and versions. */
  public static final int PRIORITY = 6000;

  private static final Logger LOG = System.getLogger(AuthenticationInterceptor.class.getName());

  private static final Status UNAUTHENTICATED =
      Status.UNAUTHENTICATED.withDescription("a valid bearer token is needed");
  private static final Status PERMISSION_DENIED =
      Status.PERMISSION_DENIED.withDescription("this caller may not call this method");
  private static final Status UNAVAILABLE =
      Status.UNAVAILABLE.withDescription("callers cannot be authenticated at present");

  private final @Nullable Authenticator authenticator;
  private final AccessRules access;
  private final Supplier<Optional<Executor>> eventLoop;
  private final RefusalLog refusals = new RefusalLog(System::nanoTime);

  /**
   * As the settings have it, in a Quarkus application.
   *
   * @throws IllegalArgumentException when a setting is missing or wrong, naming key, value and fix
   */
  @Inject
  public AuthenticationInterceptor(AuthSettings settings) {
    this(
        settings.enabled()
            ? new Authenticator(
                TokenRules.from(settings), SigningKeys.from(settings), Clock.systemUTC())
            : null,
        AccessRules.from(settings),
        EventLoop::ofThisThread);
  }

  /**
   * For a server of plain grpc-java. Its executor's threads must be free to block for up to the
   * keys' timeout, which the default's are; a direct executor's are not.
   */
  public AuthenticationInterceptor(TokenRules tokens, AccessRules access, SigningKeys keys) {
    this(new Authenticator(tokens, keys, Clock.systemUTC()), access, Optional::empty);
  }

  AuthenticationInterceptor(
      @Nullable Authenticator authenticator,
      AccessRules access,
      Supplier<Optional<Executor>> eventLoop) {
    this.authenticator = authenticator;
    this.access = access;
    this.eventLoop = eventLoop;
    if (authenticator == null) {
      LOG.log(Level.WARNING, "tandem.auth.enabled is false: nobody is authenticated");
    }
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    if (authenticator == null || !access.needToken(call.getMethodDescriptor())) {
      return next.startCall(call, headers);
    }
    return switch (BearerToken.in(headers, authenticator.maxTokenBytes())) {
      case BearerToken.Presented.Unusable(String reason) -> refuse(call, UNAUTHENTICATED, reason);
      case BearerToken.Presented.One(BearerToken token) ->
          judge(authenticator, token, call, headers, next);
    };
  }

  private <ReqT, RespT> ServerCall.Listener<ReqT> judge(
      Authenticator judge,
      BearerToken token,
      ServerCall<ReqT, RespT> call,
      Metadata headers,
      ServerCallHandler<ReqT, RespT> next) {
    Authenticator.Verdict verdict = judge.check(token);
    Optional<CompletableFuture<Void>> wait = judge.toAwait(verdict);
    if (wait.isEmpty()) {
      return answer(verdict.check(), token, call, headers, next);
    }
    Optional<Executor> loop = eventLoop.get();
    if (loop.isEmpty()) {
      wait.get().join();
      return answer(judge.check(token).check(), token, call, headers, next);
    }
    PendingCall<ReqT> pending = new PendingCall<>(call);
    Runnable goOn =
        Context.current()
            .wrap(
                () ->
                    pending.goOn(
                        () -> answer(judge.check(token).check(), token, call, headers, next)));
    CompletionStage<Void> end = wait.get();
    end.whenComplete((done, failure) -> loop.get().execute(goOn));
    return pending;
  }

  private <ReqT, RespT> ServerCall.Listener<ReqT> answer(
      TokenCheck check,
      BearerToken token,
      ServerCall<ReqT, RespT> call,
      Metadata headers,
      ServerCallHandler<ReqT, RespT> next) {
    return switch (check) {
      case Valid valid ->
          access.allow(call.getMethodDescriptor(), valid)
              ? admit(valid, token, call, headers, next)
              : refuse(
                  call,
                  PERMISSION_DENIED,
                  "no rule allows it to '%s' with the scopes %s"
                      .formatted(valid.caller().name(), valid.scopes()));
      case Expired(var ago) ->
          refuse(call, UNAUTHENTICATED, "the token expired " + ago.toSeconds() + " s ago");
      case Rejected(String reason) -> refuse(call, UNAUTHENTICATED, "the token: " + reason);
      case UnknownKey(String keyId) ->
          refuse(
              call,
              UNAUTHENTICATED,
              "the token names the key '%s', which is unknown".formatted(keyId));
      case NoKeys() -> refuse(call, UNAVAILABLE, "the issuer's keys could not be read yet");
    };
  }

  private static <ReqT, RespT> ServerCall.Listener<ReqT> admit(
      Valid valid,
      BearerToken token,
      ServerCall<ReqT, RespT> call,
      Metadata headers,
      ServerCallHandler<ReqT, RespT> next) {
    // It has done its work: what is not in the metadata cannot be logged or passed on by mistake.
    headers.discardAll(BearerToken.AUTHORIZATION);
    Context context = token.into(valid.caller().into(Context.current()));
    return Contexts.interceptCall(context, call, headers, next);
  }

  private <ReqT, RespT> ServerCall.Listener<ReqT> refuse(
      ServerCall<ReqT, RespT> call, Status status, String reason) {
    refusals.refused(call, reason);
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }

  @Override
  public int getPriority() {
    return PRIORITY;
  }
}

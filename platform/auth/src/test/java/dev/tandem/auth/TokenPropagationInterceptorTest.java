package dev.tandem.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.health.v1.HealthGrpc.HealthBlockingStub;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenPropagationInterceptorTest {

  private static final TestIssuer ISSUER = new TestIssuer("issuer");

  private final GuardedServer next = GuardedServer.of(ISSUER);
  private final Context incoming = new BearerToken(ISSUER.token()).into(Context.ROOT);

  @AfterEach
  void close() {
    next.close();
  }

  @Test
  void takesTheTokenToATargetThatIsNamed() throws Exception {
    HealthBlockingStub health = health(next.channel().authority(), new Metadata());

    assertThat(incoming.call(() -> statusOf(health))).isEqualTo(Status.Code.OK);
    assertThat(next.callers).containsExactly(TestIssuer.SUBJECT);
  }

  @Test
  void takesItToAHostWhateverThePort() throws Exception {
    HealthBlockingStub health = health("127.0.0.1", new Metadata());

    assertThat(incoming.call(() -> statusOf(health))).isEqualTo(Status.Code.OK);
  }

  @Test
  void takesItNowhereElse() throws Exception {
    HealthBlockingStub health = health("127.0.0.1:1", new Metadata());

    assertThat(incoming.call(() -> statusOf(health))).isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void leavesACallAloneThatHasAuthorizationOfItsOwn() throws Exception {
    Metadata own = GuardedServer.bearer(ISSUER.token(TestIssuer.claims().subject("grace")));
    HealthBlockingStub health = health("127.0.0.1", own);

    assertThat(incoming.call(() -> statusOf(health))).isEqualTo(Status.Code.OK);
    assertThat(next.callers).containsExactly("grace");
  }

  @Test
  void hasNothingToTakeWithoutAnIncomingCall() throws Exception {
    HealthBlockingStub health = health("127.0.0.1", new Metadata());

    assertThat(Context.ROOT.call(() -> statusOf(health))).isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  /** Metadata that the caller attaches itself is attached before the interceptor looks. */
  private HealthBlockingStub health(String target, Metadata own) {
    return HealthGrpc.newBlockingStub(
        io.grpc.ClientInterceptors.interceptForward(
            next.channel(),
            io.grpc.stub.MetadataUtils.newAttachHeadersInterceptor(own),
            new TokenPropagationInterceptor(List.of(target))));
  }

  private static Status.Code statusOf(HealthBlockingStub health) {
    try {
      health.check(HealthCheckRequest.getDefaultInstance());
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }
}

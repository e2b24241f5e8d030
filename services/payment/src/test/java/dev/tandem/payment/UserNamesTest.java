package dev.tandem.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.payment.PaymentSettings.UserVersion;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UserNamesTest {

  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new V1())
            .addService(new V2())
            .build()
            .start();
    channel = NettyChannelBuilder.forAddress("localhost", server.getPort()).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void asksTheVersionThatIsSet() {
    assertThat(new UserNames(channel, UserVersion.V1).find("ada")).contains("ada by v1");
    assertThat(new UserNames(channel, UserVersion.V2).find("ada")).contains("ada by v2");
  }

  @Test
  void findsNobodyInEither() {
    for (UserVersion version : UserVersion.values()) {
      assertThat(new UserNames(channel, version).find("nobody")).isEqualTo(Optional.empty());
    }
  }

  private static final class V1 extends dev.tandem.user.v1.UserServiceGrpc.UserServiceImplBase {
    @Override
    public void getUser(
        dev.tandem.user.v1.GetUserRequest request,
        StreamObserver<dev.tandem.user.v1.GetUserResponse> response) {
      if (request.getUserId().equals("nobody")) {
        response.onError(Status.NOT_FOUND.asRuntimeException());
        return;
      }
      response.onNext(
          dev.tandem.user.v1.GetUserResponse.newBuilder()
              .setName(request.getUserId() + " by v1")
              .build());
      response.onCompleted();
    }
  }

  private static final class V2 extends dev.tandem.user.v2.UserServiceGrpc.UserServiceImplBase {
    @Override
    public void getUser(
        dev.tandem.user.v2.GetUserRequest request,
        StreamObserver<dev.tandem.user.v2.GetUserResponse> response) {
      if (request.getUserId().equals("nobody")) {
        response.onError(Status.NOT_FOUND.asRuntimeException());
        return;
      }
      response.onNext(
          dev.tandem.user.v2.GetUserResponse.newBuilder()
              .setName(request.getUserId() + " by v2")
              .build());
      response.onCompleted();
    }
  }
}

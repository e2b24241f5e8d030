package dev.tandem.resilience;

import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.UserServiceGrpc;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceBlockingStub;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceStub;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** A caller as the library makes one: its own channel, deadline around attempts. */
final class Client implements AutoCloseable {

  private final Resilience resilience;
  private final ManagedChannel connection;
  private final Channel channel;

  /** The interceptors see each attempt. */
  Client(Resilience resilience, ManagedChannel connection, ClientInterceptor... interceptors) {
    this.resilience = resilience;
    this.connection = connection;
    this.channel =
        ClientInterceptors.intercept(
            ClientInterceptors.intercept(connection, interceptors),
            new ResilienceClientInterceptor(resilience),
            new DeadlineClientInterceptor(resilience.policies()));
  }

  static Client of(UserServer server, Policies policies, ClientInterceptor... interceptors) {
    return new Client(
        new Resilience(policies),
        Grpc.newChannelBuilderForAddress(
                "127.0.0.1", server.port(), InsecureChannelCredentials.create())
            // What gRPC repeats by itself would be counted as ours.
            .disableRetry()
            .build(),
        interceptors);
  }

  static GetUserRequest ada() {
    return GetUserRequest.newBuilder().setUserId("ada").build();
  }

  Resilience resilience() {
    return resilience;
  }

  Channel channel() {
    return channel;
  }

  UserServiceBlockingStub users() {
    return UserServiceGrpc.newBlockingStub(channel);
  }

  UserServiceStub async() {
    return UserServiceGrpc.newStub(channel);
  }

  String name() {
    return users().getUser(ada()).getName();
  }

  /** The error of a call that must fail. */
  StatusRuntimeException failure() {
    try {
      throw new AssertionError("not refused: " + name());
    } catch (StatusRuntimeException e) {
      return e;
    }
  }

  Status.Code code() {
    return failure().getStatus().getCode();
  }

  @Override
  public void close() {
    connection.shutdownNow();
  }
}

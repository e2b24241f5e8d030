package dev.tandem.transport;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.stub.ClientCalls;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** A bean of the test's Quarkus application that calls another process. */
@Singleton
final class EchoClient {

  private final Channel channel;

  @Inject
  EchoClient(@ChannelTo("echo") Channel channel) {
    this.channel = channel;
  }

  Channel channel() {
    return channel;
  }

  byte[] say(byte[] message) {
    return ClientCalls.blockingUnaryCall(channel, EchoServer.SAY, CallOptions.DEFAULT, message);
  }
}

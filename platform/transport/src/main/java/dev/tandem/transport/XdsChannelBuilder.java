package dev.tandem.transport;

import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.xds.XdsChannelCredentials;

/**
 * The part that links to grpc-xds. Its credentials, which encrypt when the control plane says so
 * (<a href="https://github.com/grpc/proposal/blob/master/A29-xds-tls-security.md">gRFC A29</a>),
 * work with the Netty that it brings along, and with no other.
 */
final class XdsChannelBuilder {

  private XdsChannelBuilder() {}

  static ManagedChannelBuilder<?> of(String target, ChannelCredentials fallback, int window) {
    return NettyChannelBuilder.forTarget(target, XdsChannelCredentials.create(fallback))
        .initialFlowControlWindow(window);
  }
}

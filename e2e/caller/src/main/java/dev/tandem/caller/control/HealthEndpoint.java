package dev.tandem.caller.control;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * HTTP health as every service has it: /health and /health/ready follow readiness, /health/live and
 * /started do not.
 */
final class HealthEndpoint implements AutoCloseable {
  private static final int REQUEST_BYTES = 8 << 10;
  private static final Set<String> FOLLOW_READINESS = Set.of("/health", "/health/ready");
  private static final Set<String> UP_WHILE_RUNNING = Set.of("/health/live", "/health/started");

  private final EventLoopGroup threads = new NioEventLoopGroup(1);
  private final Channel listener;

  HealthEndpoint(int port, BooleanSupplier ready) {
    Answer answer = new Answer(ready);
    listener =
        new ServerBootstrap()
            .group(threads)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    connection
                        .pipeline()
                        .addLast(
                            new HttpServerCodec(), new HttpObjectAggregator(REQUEST_BYTES), answer);
                  }
                })
            .bind(port)
            .syncUninterruptibly()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Sharable
  private static final class Answer extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final BooleanSupplier ready;

    Answer(BooleanSupplier ready) {
      this.ready = ready;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      context
          .writeAndFlush(answerTo(new QueryStringDecoder(request.uri()).path()))
          .addListener(ChannelFutureListener.CLOSE);
    }

    private FullHttpResponse answerTo(String path) {
      if (FOLLOW_READINESS.contains(path) && !ready.getAsBoolean()) {
        return json(HttpResponseStatus.SERVICE_UNAVAILABLE, "{\"status\":\"DOWN\",\"checks\":[]}");
      }
      if (FOLLOW_READINESS.contains(path) || UP_WHILE_RUNNING.contains(path)) {
        return json(HttpResponseStatus.OK, "{\"status\":\"UP\",\"checks\":[]}");
      }
      return json(HttpResponseStatus.NOT_FOUND, "{\"error\":\"only /health is served here\"}");
    }

    private static FullHttpResponse json(HttpResponseStatus status, String body) {
      FullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
      response
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
          .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
          .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
      return response;
    }
  }
}

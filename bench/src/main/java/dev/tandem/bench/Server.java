package dev.tandem.bench;

import dev.tandem.user.v1.UserServiceGrpc;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A server that runs, as a process of its own.
 *
 * @param variant what it is
 * @param process its process
 * @param port where it serves
 * @param start from the process' start to its first answer
 */
record Server(Variant variant, Process process, int port, Duration start) {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(2);
  private static final Duration TO_STOP = Duration.ofSeconds(60);

  /** Waits until a process answers a call with a user, from when it was started on. */
  static Server answering(
      Variant variant, Process process, long started, int port, String token, Path log)
      throws IOException, InterruptedException {
    awaitListener(process, started, port, log);
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().directExecutor().build();
    try {
      UserServiceBlockingStub calls =
          UserServiceGrpc.newBlockingStub(channel)
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
      while (true) {
        try {
          var _ = calls.withDeadlineAfter(5, TimeUnit.SECONDS).getUser(UserCalls.REQUEST);
          return new Server(variant, process, port, Duration.ofNanos(System.nanoTime() - started));
        } catch (StatusRuntimeException e) {
          goOn(process, started, log, e);
        }
      }
    } finally {
      channel.shutdownNow();
    }
  }

  /** Asked by itself, because a channel that was refused once waits for a second. */
  private static void awaitListener(Process process, long started, int port, Path log)
      throws IOException, InterruptedException {
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return;
      } catch (IOException e) {
        goOn(process, started, log, e);
      }
    }
  }

  private static void goOn(Process process, long started, Path log, Exception cause)
      throws IOException, InterruptedException {
    if (!process.isAlive()) {
      throw new IOException("a server ended instead of answering: its output is in " + log, cause);
    }
    if (System.nanoTime() - started > PATIENCE.toNanos()) {
      throw new IOException(
          "a server does not answer after %d s: its output is in %s"
              .formatted(PATIENCE.toSeconds(), log),
          cause);
    }
    Thread.sleep(BETWEEN_TRIES);
  }

  /** All processor time that the process has used. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Ends it as Kubernetes would, which is when the JVM writes its cache, and waits for that. */
  void stop() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(TO_STOP)) {
      process.destroyForcibly();
      throw new IOException("%s does not stop after SIGTERM".formatted(variant.name()));
    }
  }

  /** Ends it without ceremony. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }
}

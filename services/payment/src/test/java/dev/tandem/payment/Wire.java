package dev.tandem.payment;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The network between the service and its database, with a sidecar's manners: it always accepts,
 * and hangs up when the other side cannot be reached. While it is silent, bytes stop in both
 * directions and no connection breaks.
 */
final class Wire implements AutoCloseable {

  private final int target;
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition speaksAgain = lock.newCondition();
  private boolean silent;

  Wire(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("wire").start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  void silence() {
    setSilent(true);
  }

  void speak() {
    setSilent(false);
  }

  private void setSilent(boolean value) {
    lock.lock();
    try {
      silent = value;
      speaksAgain.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitSpeech() {
    lock.lock();
    try {
      while (silent) {
        speaksAgain.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        sockets.add(client);
        Thread.ofVirtual().start(() -> connect(client));
      } catch (IOException e) {
        hangUp(listener);
      }
    }
  }

  private void connect(Socket client) {
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(server);
      Thread.ofVirtual().start(() -> carry(client, server));
      Thread.ofVirtual().start(() -> carry(server, client));
    } catch (IOException e) {
      hangUp(client);
    }
  }

  private void carry(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        awaitSpeech();
        out.write(buffer, 0, count);
      }
    } catch (IOException e) {
      // Either side hung up: so does the other.
    }
    hangUp(from);
    hangUp(to);
    sockets.remove(from);
    sockets.remove(to);
  }

  private static void hangUp(Closeable end) {
    try {
      end.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    hangUp(listener);
    sockets.forEach(Wire::hangUp);
    speak();
  }
}

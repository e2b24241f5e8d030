package dev.tandem.lifecycle;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * A client that opens an HTTP/2 connection, makes no call and keeps what the server says (RFC 9113,
 * section 4.1 has the frames' layout).
 */
final class RawHttp2Client implements AutoCloseable {

  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
  private static final byte[] EMPTY_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int ACK = 1;
  private static final int PATIENCE_MILLIS = 120_000;

  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;

  /** What a GOAWAY says: the last stream that the server takes, and why. */
  record GoAway(int lastStream, int errorCode) {}

  RawHttp2Client(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    out = socket.getOutputStream();
    in = new DataInputStream(socket.getInputStream());
    out.write(PREFACE);
    out.write(EMPTY_SETTINGS);
    // The server's preface is a SETTINGS frame: when it is here, the connection stands.
    readFrame(new ArrayList<>());
  }

  /** Reads until the server closes the connection, and gives each GOAWAY that came before. */
  List<GoAway> readToTheEnd() throws IOException {
    List<GoAway> goAways = new ArrayList<>();
    try {
      while (true) {
        readFrame(goAways);
      }
    } catch (EOFException end) {
      return goAways;
    }
  }

  private void readFrame(List<GoAway> goAways) throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    in.readInt();
    byte[] payload = in.readNBytes(length);
    if (type == PING && (flags & ACK) == 0) {
      out.write(new byte[] {0, 0, 8, PING, ACK, 0, 0, 0, 0});
      out.write(payload);
    }
    if (type == GOAWAY) {
      goAways.add(new GoAway(number(payload, 0), number(payload, 4)));
    }
  }

  private static int number(byte[] bytes, int at) {
    return (bytes[at] & 0x7f) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

package dev.tandem.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * One end of an HTTP/2 connection that shows every frame of the other end, as RFC 9113 has them. It
 * acknowledges settings and pings and leaves the rest to the test; only header compression is
 * Netty's.
 */
final class Http2Peer implements AutoCloseable {

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  static final int ACKNOWLEDGED = 1;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final DefaultHttp2HeadersDecoder decoder =
      new DefaultHttp2HeadersDecoder(false, 1024 * 1024);
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();

  private Http2Peer(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.setTcpNoDelay(true);
  }

  /** A client that has said hello. */
  static Http2Peer connectedTo(int port) throws IOException {
    Http2Peer peer = new Http2Peer(new Socket(InetAddress.getLoopbackAddress(), port));
    peer.out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
    peer.send(FrameType.SETTINGS, 0, 0, new byte[0]);
    return peer;
  }

  /** A server that has heard the client's hello. */
  static Http2Peer acceptedBy(ServerSocket listener) throws IOException {
    listener.setSoTimeout((int) PATIENCE.toMillis());
    Http2Peer peer = new Http2Peer(listener.accept());
    peer.send(FrameType.SETTINGS, 0, 0, new byte[0]);
    byte[] hello = peer.in.readNBytes(PREFACE.length());
    if (!new String(hello, StandardCharsets.US_ASCII).equals(PREFACE)) {
      throw new IOException("not HTTP/2: " + new String(hello, StandardCharsets.US_ASCII));
    }
    return peer;
  }

  /** RFC 9113, section 6. */
  enum FrameType {
    DATA(0),
    HEADERS(1),
    RST_STREAM(3),
    SETTINGS(4),
    PING(6),
    GOAWAY(7),
    WINDOW_UPDATE(8),
    CONTINUATION(9);

    private final int code;

    FrameType(int code) {
      this.code = code;
    }

    private static FrameType of(int code) throws IOException {
      return Arrays.stream(values())
          .filter(type -> type.code == code)
          .findFirst()
          .orElseThrow(
              () -> new IOException("a frame of type " + code + ", which gRPC has no use for"));
    }
  }

  /** A frame; the headers are empty unless it carries some. */
  record Frame(
      FrameType type, int flags, int stream, ByteBuffer payload, Map<String, String> headers) {

    boolean is(FrameType wanted) {
      return type == wanted;
    }

    boolean acknowledges() {
      return (flags & ACKNOWLEDGED) != 0;
    }

    boolean endsTheStream() {
      return (flags & END_STREAM) != 0;
    }

    /** The settings by their numbers in RFC 9113, section 6.5.2. */
    Map<Integer, Long> settings() {
      Map<Integer, Long> settings = new HashMap<>();
      ByteBuffer bytes = payload.duplicate();
      while (bytes.hasRemaining()) {
        settings.put((int) bytes.getShort(), bytes.getInt() & 0xffffffffL);
      }
      return settings;
    }

    int firstInt() {
      return payload.getInt(0);
    }

    int secondInt() {
      return payload.getInt(4);
    }

    long ping() {
      return payload.getLong(0);
    }

    /** What a GOAWAY says after its two numbers. */
    String goAwayText() {
      return StandardCharsets.US_ASCII.decode(payload.duplicate().position(8)).toString();
    }

    private static Frame of(
        FrameType type, int flags, int stream, byte[] payload, Http2Headers headers) {
      Map<String, String> map = new HashMap<>();
      headers.forEach(entry -> map.put(entry.getKey().toString(), entry.getValue().toString()));
      return new Frame(type, flags, stream, ByteBuffer.wrap(payload), map);
    }
  }

  /** The next frame, whatever it is; a test that waits in vain fails. */
  Frame next() throws IOException, Http2Exception {
    int lengthAndType = in.readInt();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    byte[] payload = in.readNBytes(lengthAndType >>> 8);
    FrameType type = FrameType.of(lengthAndType & 0xff);
    Http2Headers headers =
        type == FrameType.HEADERS
            ? decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(payload))
            : new DefaultHttp2Headers();
    Frame frame = Frame.of(type, flags, stream, payload, headers);
    if ((type == FrameType.SETTINGS || type == FrameType.PING) && !frame.acknowledges()) {
      acknowledge(type, payload);
    }
    return frame;
  }

  private void acknowledge(FrameType type, byte[] payload) {
    try {
      send(type, ACKNOWLEDGED, 0, type == FrameType.PING ? payload : new byte[0]);
    } catch (IOException e) {
      // The other end has closed already. What it said before that, such as why, is still to be
      // read.
    }
  }

  /** The next frame that is wanted, passing over others. */
  Frame next(Predicate<Frame> wanted) throws IOException, Http2Exception {
    Frame frame = next();
    while (!wanted.test(frame)) {
      frame = next();
    }
    return frame;
  }

  Frame next(FrameType type) throws IOException, Http2Exception {
    return next(frame -> frame.is(type));
  }

  /** The frame that ends a stream: headers, data or a reset. */
  Frame endOf(int stream) throws IOException, Http2Exception {
    return next(
        frame ->
            frame.stream() == stream
                && (frame.is(FrameType.RST_STREAM)
                    || ((frame.is(FrameType.HEADERS) || frame.is(FrameType.DATA))
                        && frame.endsTheStream())));
  }

  /** Whether the other end hangs up, after whatever it still had to say. */
  boolean isHungUp() throws IOException, Http2Exception {
    try {
      while (true) {
        next();
      }
    } catch (EOFException e) {
      return true;
    }
  }

  void send(FrameType type, int flags, int stream, byte[] payload) throws IOException {
    write(type, flags, stream, payload);
    out.flush();
  }

  private void write(FrameType type, int flags, int stream, byte[] payload) throws IOException {
    out.writeInt(payload.length << 8 | type.code);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
  }

  /** All of them at once: after a few the other end may close, and would not take the next one. */
  void pings(int count) throws IOException {
    for (long ping = 1; ping <= count; ping++) {
      write(FrameType.PING, 0, 0, ByteBuffer.allocate(8).putLong(ping).array());
    }
    out.flush();
  }

  void reset(int stream, int error) throws IOException {
    send(FrameType.RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(error).array());
  }

  /** The headers of a gRPC call, and no message yet. */
  void open(int stream, String path, Map<String, String> metadata)
      throws IOException, Http2Exception {
    Http2Headers headers =
        new DefaultHttp2Headers()
            .method("POST")
            .scheme("http")
            .path(path)
            .authority("localhost")
            .set("content-type", "application/grpc")
            .set("te", "trailers");
    metadata.forEach(headers::set);
    sendHeaders(stream, headers, 0);
  }

  void open(int stream, String path) throws IOException, Http2Exception {
    open(stream, path, Map.of());
  }

  /** The only message of a call. */
  void finish(int stream, byte[] message) throws IOException {
    send(FrameType.DATA, END_STREAM, stream, framed(message));
  }

  /** A server's whole answer to a call. */
  void answer(int stream, byte[] message) throws IOException, Http2Exception {
    sendHeaders(
        stream, new DefaultHttp2Headers().status("200").set("content-type", "application/grpc"), 0);
    send(FrameType.DATA, 0, stream, framed(message));
    sendHeaders(stream, new DefaultHttp2Headers().set("grpc-status", "0"), END_STREAM);
  }

  private void sendHeaders(int stream, Http2Headers headers, int flags)
      throws IOException, Http2Exception {
    ByteBuf block = Unpooled.buffer();
    encoder.encodeHeaders(stream, headers, block);
    byte[] bytes = new byte[block.readableBytes()];
    block.readBytes(bytes);
    int sent = Math.min(bytes.length, 16_384);
    boolean whole = sent == bytes.length;
    send(FrameType.HEADERS, flags | (whole ? END_HEADERS : 0), stream, Arrays.copyOf(bytes, sent));
    while (sent < bytes.length) {
      int until = Math.min(bytes.length, sent + 16_384);
      send(
          FrameType.CONTINUATION,
          until == bytes.length ? END_HEADERS : 0,
          stream,
          Arrays.copyOfRange(bytes, sent, until));
      sent = until;
    }
  }

  /** gRPC's prefix: not compressed, and the length. */
  private static byte[] framed(byte[] message) {
    return ByteBuffer.allocate(5 + message.length)
        .put((byte) 0)
        .putInt(message.length)
        .put(message)
        .array();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

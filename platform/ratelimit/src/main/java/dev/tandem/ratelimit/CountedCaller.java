package dev.tandem.ratelimit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Whom a call is counted for. */
sealed interface CountedCaller {

  /**
   * What names the bucket. Kinds are told apart, so that nobody who is named like an address shares
   * that address's bucket. It is a text because hash maps stay fast when texts collide on purpose:
   * they can be ordered.
   */
  String key();

  /**
   * Somebody whose name was proved, by a token or by the certificate of a mesh's workload.
   *
   * @param name as the proof gives it
   */
  record Verified(String name) implements CountedCaller {

    /** A name can be as long as headers may be; what is kept for each caller must not. */
    private static final int LONGEST = 128;

    @Override
    public String key() {
      return "n:" + (name.length() <= LONGEST ? name : "sha256:" + digestOf(name));
    }

    private static String digestOf(String text) {
      try {
        return HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }

  /**
   * Whoever has this address; for IPv6 whoever is in this /64, because a single subscriber has at
   * least that many addresses to choose from (RFC 6177).
   */
  record Network(String name) implements CountedCaller {

    private static final int NETWORK_BYTES = 8;

    static Network of(InetAddress address) {
      if (!(address instanceof Inet6Address)) {
        return new Network(address.getHostAddress());
      }
      byte[] network = Arrays.copyOf(address.getAddress(), NETWORK_BYTES * 2);
      Arrays.fill(network, NETWORK_BYTES, network.length, (byte) 0);
      try {
        return new Network(InetAddress.getByAddress(network).getHostAddress() + "/64");
      } catch (UnknownHostException e) {
        throw new IllegalStateException("sixteen bytes are an address", e);
      }
    }

    @Override
    public String key() {
      return "a:" + name;
    }
  }

  /** A transport without addresses, such as calls within one process. */
  record Unknown() implements CountedCaller {
    @Override
    public String key() {
      return "u";
    }
  }
}

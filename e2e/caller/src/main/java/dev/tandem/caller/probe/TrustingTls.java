package dev.tandem.caller.probe;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS that trusts whatever the server shows and shows nothing itself. A probe asks whether the
 * <em>server</em> insists on a certificate; nothing that it sends is worth protecting.
 */
final class TrustingTls {
  private static final SSLContext CONTEXT = context();

  private TrustingTls() {}

  /** Takes over a connected socket and completes the handshake. */
  static Socket over(Socket socket, String serverName) throws IOException {
    SSLSocket tls =
        (SSLSocket)
            CONTEXT
                .getSocketFactory()
                .createSocket(
                    socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
    SSLParameters parameters = tls.getSSLParameters();
    // The gateway takes a mesh connection by this protocol's name, a service's sidecar HTTP/2 by
    // the other.
    parameters.setApplicationProtocols(new String[] {"istio", "h2"});
    if (!serverName.isEmpty()) {
      parameters.setServerNames(List.of(new MeshName(serverName)));
    }
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    return tls;
  }

  private static SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustEverything()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  /** A host name of the mesh, outbound_.9000_._.user...: SNIHostName refuses the underscores. */
  private static final class MeshName extends SNIServerName {
    MeshName(String name) {
      super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static final class TrustEverything extends X509ExtendedTrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

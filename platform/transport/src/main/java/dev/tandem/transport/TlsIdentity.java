package dev.tandem.transport;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Who this process is when it encrypts by itself, and whom it trusts: files that are read again
 * while it runs. New connections use the new files; connections that are open, and their calls, go
 * on with what they were made with. Files that cannot be used leave the ones before in place, and
 * the log says why.
 */
public final class TlsIdentity implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(TlsIdentity.class);
  private static final String PREFIX = "tandem.transport.tls.";

  private final Optional<Loaded> loaded;

  private TlsIdentity(Optional<Loaded> loaded) {
    this.loaded = loaded;
  }

  /**
   * Reads the files, when any is set.
   *
   * @throws WrongSettingException when one is missing, cannot be read, does not belong to the
   *     others or is out of date
   */
  public static TlsIdentity of(TransportSettings.Tls settings) {
    return of(PREFIX, settings);
  }

  /**
   * As {@link #of(TransportSettings.Tls)}, for another identity of the same process.
   *
   * @param prefix of its keys, such as {@code tandem.registry.tls.}
   */
  public static TlsIdentity of(String prefix, TransportSettings.Tls settings) {
    Duration refresh = new Check(prefix).positive("refresh", settings.refresh());
    boolean none =
        Stream.of(settings.certificate(), settings.key(), settings.trust())
            .allMatch(Optional::isEmpty);
    if (none) {
      return none();
    }
    TlsFiles files =
        new TlsFiles(
            TlsFiles.path(prefix + "certificate", settings.certificate()),
            TlsFiles.path(prefix + "key", settings.key()),
            TlsFiles.path(prefix + "trust", settings.trust()));
    return new TlsIdentity(Optional.of(new Loaded(files, refresh, InstantSource.system())));
  }

  /** For a process that leaves encryption to others. */
  public static TlsIdentity none() {
    return new TlsIdentity(Optional.empty());
  }

  /** Refuses a setting that asks for TLS where there are no files. */
  void requireFor(String key) {
    if (loaded.isEmpty()) {
      throw new WrongSettingException(
          key,
          "mutual-tls",
          "needs %1$scertificate, %1$skey and %1$strust; set them to files in PEM"
              .formatted(PREFIX));
    }
  }

  /**
   * For a server that refuses clients without a certificate it trusts.
   *
   * @param resumption how long a session may be resumed: its certificate is not looked at again
   */
  SslContext serverContext(Duration resumption) {
    Loaded identity = loaded.orElseThrow();
    try {
      return GrpcSslContexts.configure(SslContextBuilder.forServer(identity.key))
          .trustManager(identity.trust)
          .clientAuth(ClientAuth.REQUIRE)
          .sessionTimeout(resumption.toSeconds())
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("this JVM cannot do TLS with ALPN", e);
    }
  }

  /**
   * For a channel that shows its certificate and checks the server's, name included.
   *
   * @throws java.util.NoSuchElementException when no files are set
   */
  public ChannelCredentials channelCredentials() {
    Loaded identity = loaded.orElseThrow();
    return TlsChannelCredentials.newBuilder()
        .keyManager(identity.key)
        .trustManager(identity.trust)
        .build();
  }

  /**
   * As {@link #channelCredentials}, for clients that are not gRPC's.
   *
   * @throws java.util.NoSuchElementException when no files are set
   */
  public SSLContext sslContext() {
    Loaded identity = loaded.orElseThrow();
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {identity.key}, new TrustManager[] {identity.trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM cannot do TLS", e);
    }
  }

  /** Stops looking at the files. */
  @Override
  public void close() {
    loaded.ifPresent(Loaded::close);
  }

  /** Files in use, and the thread that looks for newer ones. */
  private static final class Loaded {

    private final TlsFiles files;
    private final Duration refresh;
    private final InstantSource clock;
    private final AdvancedTlsX509KeyManager key = new AdvancedTlsX509KeyManager();
    private final AdvancedTlsX509TrustManager roots;
    private final PeerTrust trust;
    private final Thread watcher;
    private TlsFiles.Content content;
    private @Nullable String complaint;

    private Loaded(TlsFiles files, Duration refresh, InstantSource clock) {
      this.files = files;
      this.refresh = refresh;
      this.clock = clock;
      this.content = files.read();
      try {
        this.roots = AdvancedTlsX509TrustManager.newBuilder().build();
        use(content);
      } catch (IOException | GeneralSecurityException e) {
        throw new IllegalStateException("this JVM cannot hold certificates", e);
      }
      this.trust = new PeerTrust(roots, clock);
      this.watcher = Thread.ofVirtual().name("tandem-tls").start(this::watch);
    }

    private void use(TlsFiles.Content content) throws IOException, GeneralSecurityException {
      TlsFiles.Identity identity = files.parse(content, clock.instant());
      roots.updateTrustCredentials(identity.trust().toArray(X509Certificate[]::new));
      key.updateIdentityCredentials(
          identity.chain().toArray(X509Certificate[]::new), identity.key());
    }

    private void watch() {
      try {
        while (true) {
          Thread.sleep(refresh);
          refresh();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** Files are written one after the other: what does not fit yet may fit the next time. */
    private void refresh() {
      try {
        TlsFiles.Content now = files.read();
        if (now.equals(content)) {
          return;
        }
        use(now);
        content = now;
        complaint = null;
        LOG.infof("New certificates are in use: %s", files);
      } catch (WrongSettingException | IOException | GeneralSecurityException e) {
        complain(String.valueOf(e.getMessage()));
      }
    }

    private void complain(String problem) {
      if (!problem.equals(complaint)) {
        complaint = problem;
        LOG.errorf("The certificates before stay in use: %s", problem);
      }
    }

    private void close() {
      watcher.interrupt();
    }
  }
}

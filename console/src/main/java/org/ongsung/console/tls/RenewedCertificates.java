package org.ongsung.console.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// TLS with a certificate that is taken anew when its files change. New connections get the new
/// one; those that are open go on. Files that cannot be used, as half-way through a renewal, change
/// nothing and are told in the log once, with the file and what to do.
public final class RenewedCertificates extends AbstractLifeCycle {
  private static final Logger LOG = LoggerFactory.getLogger(RenewedCertificates.class);
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final CertificateFiles files;
  private final SslContextFactory.Server tls = new SslContextFactory.Server();
  private List<String> seen;
  private @Nullable Thread watching;

  /// @throws UnusableCertificateException when the files cannot be served with
  public RenewedCertificates(CertificateFiles files) throws UnusableCertificateException {
    this.files = files;
    this.seen = state();
    take(tls, files.read());
    tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    tls.setSniRequired(false);
  }

  private static void take(SslContextFactory tls, KeyStore store) {
    tls.setKeyStore(store);
    tls.setKeyStorePassword(CertificateFiles.UNPROTECTED);
    tls.setKeyManagerPassword(CertificateFiles.UNPROTECTED);
  }

  /// What a TLS listener is made with.
  public SslContextFactory.Server tls() {
    return tls;
  }

  @Override
  protected void doStart() {
    watching = Thread.ofVirtual().name("certificate").start(this::watch);
  }

  @Override
  protected void doStop() {
    if (watching != null) {
      watching.interrupt();
    }
  }

  private void watch() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(LOOK);
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    List<String> now = state();
    if (now.equals(seen)) {
      return;
    }
    seen = now;
    try {
      KeyStore store = files.read();
      tls.reload(factory -> take(factory, store));
      LOG.info(
          "the certificate was renewed: valid until {}", files.own().getNotAfter().toInstant());
    } catch (UnusableCertificateException e) {
      LOG.error("the certificate stays as it was: {}. {}", e.getMessage(), e.advice());
    } catch (Exception e) {
      LOG.error("the certificate stays as it was", e);
    }
  }

  /// What shows that a file is another one: links are followed, as renewals change links.
  private List<String> state() {
    return List.of(state(files.certificate()), state(files.key()));
  }

  private static String state(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.fileKey() + " " + attributes.lastModifiedTime() + " " + attributes.size();
    } catch (IOException e) {
      return "unreadable";
    }
  }
}

package org.ongsung.console.tls;

import javax.net.ssl.SSLContext;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificate for listeners other than the console's, taken anew when its files change; see
/// [RenewedCertificates]. For any threads.
public final class CertificateContext implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateContext.class);

  private final RenewedCertificates certificates;
  private final SslContextFactory.Server tls;

  private CertificateContext(RenewedCertificates certificates) {
    this.certificates = certificates;
    this.tls = certificates.tls();
  }

  /// Reads the files and watches them.
  ///
  /// @throws UnusableCertificateException when they cannot be served with
  public static CertificateContext open(CertificateFiles files)
      throws UnusableCertificateException {
    CertificateContext opened = new CertificateContext(new RenewedCertificates(files));
    try {
      opened.tls.start();
      opened.certificates.start();
    } catch (Exception e) {
      throw new IllegalStateException("the certificate cannot be served with", e);
    }
    return opened;
  }

  /// What a new connection is served with.
  public SSLContext context() {
    return tls.getSslContext();
  }

  @Override
  public void close() {
    try {
      certificates.stop();
      tls.stop();
    } catch (Exception e) {
      LOG.error("the watch over a certificate does not end cleanly", e);
    }
  }
}

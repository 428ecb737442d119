package org.ongsung.server.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.CommandFailure;
import org.ongsung.cli.ExitCode;
import org.ongsung.cli.words.Phrase;

/// TLS that trusts the certificates of one file and no others.
public final class TrustedCertificates {
  private TrustedCertificates() {}

  /// TLS for a PEM file, as `--trust` names it.
  ///
  /// @throws CommandFailure when the file cannot be read or holds none
  public static SSLContext of(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("trusted-" + number++, each);
      }
      if (number == 0) {
        throw none(file, null);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw none(file, e);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          Phrase.of("trust.unreadable", file),
          Phrase.of("trust.unreadable.advice"),
          e);
    }
  }

  private static CommandFailure none(Path file, @Nullable Exception cause) {
    return new CommandFailure(
        ExitCode.USAGE, Phrase.of("trust.none", file), Phrase.of("trust.none.advice"), cause);
  }
}

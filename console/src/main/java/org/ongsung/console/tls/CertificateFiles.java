package org.ongsung.console.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A certificate with its chain and its key, in PEM files (RFC 7468) as certbot and other ACME
/// clients write them.
///
/// @param certificate the server's own first, then those that vouch for it
/// @param key PKCS #8 without a passphrase; nobody but its owner may write it, and nobody but owner
///   and group read it
public record CertificateFiles(Path certificate, Path key) {
  private static final int MAX_BYTES = 1 << 20;
  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final Set<PosixFilePermission> TOO_OPEN =
      EnumSet.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  /// The password of key stores that never leave this process.
  static final String UNPROTECTED = "in memory";

  /// Reads both files.
  ///
  /// @return one entry with key and chain
  /// @throws UnusableCertificateException when they cannot be served with
  KeyStore read() throws UnusableCertificateException {
    Certificate[] chain = chain();
    PrivateKey own = privateKey(chain[0].getPublicKey());
    try {
      if (!belongs(own, chain[0].getPublicKey())) {
        throw new UnusableCertificateException(
            key + " is not the key of " + certificate,
            "Renewals write both files: name a certificate and a key that were made together.");
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("console", own, UNPROTECTED.toCharArray(), chain);
      return store;
    } catch (GeneralSecurityException | IOException e) {
      if (e instanceof UnusableCertificateException unusable) {
        throw unusable;
      }
      throw new UnusableCertificateException(
          certificate + " and " + key + " cannot be used: " + e.getMessage(),
          "Use a key of RSA, of an NIST curve, or Ed25519.");
    }
  }

  /// The server's own certificate.
  ///
  /// @throws UnusableCertificateException when the files cannot be served with
  public X509Certificate own() throws UnusableCertificateException {
    read();
    return (X509Certificate) chain()[0];
  }

  private Certificate[] chain() throws UnusableCertificateException {
    try {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes(certificate)));
      if (!found.isEmpty()) {
        return found.toArray(Certificate[]::new);
      }
    } catch (CertificateException e) {
      // told below
    }
    throw new UnusableCertificateException(
        certificate + " holds no certificate",
        "It is a text that starts with -----BEGIN CERTIFICATE-----; certbot calls it"
            + " fullchain.pem.");
  }

  private PrivateKey privateKey(PublicKey publicKey) throws UnusableCertificateException {
    byte[] bytes = bytes(key);
    checkMode();
    String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    Matcher found = PRIVATE_KEY.matcher(text);
    if (!found.find()) {
      throw new UnusableCertificateException(
          key + " holds no private key of PKCS #8 without a passphrase",
          "Convert it: openssl pkcs8 -topk8 -nocrypt -in '" + key + "' -out NEW-FILE");
    }
    try {
      return KeyFactory.getInstance(publicKey.getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(1))));
    } catch (GeneralSecurityException e) {
      throw new UnusableCertificateException(
          key + " is not the key of " + certificate + ": another kind of key",
          "Renewals write both files: name a certificate and a key that were made together.");
    }
  }

  private static boolean belongs(PrivateKey own, PublicKey told) throws GeneralSecurityException {
    String algorithm =
        switch (told.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    byte[] anything = {1, 2, 3};
    try {
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(own);
      signing.update(anything);
      Signature verifying = Signature.getInstance(algorithm);
      verifying.initVerify(told);
      verifying.update(anything);
      return verifying.verify(signing.sign());
    } catch (InvalidKeyException e) {
      return false;
    }
  }

  private void checkMode() throws UnusableCertificateException {
    try {
      if (Files.getPosixFilePermissions(key).stream().anyMatch(TOO_OPEN::contains)) {
        throw new UnusableCertificateException(
            "others than its owner and group may use " + key, "Run: chmod 640 '" + key + "'");
      }
    } catch (UnusableCertificateException e) {
      throw e;
    } catch (IOException e) {
      throw unreadable(key, e);
    }
  }

  private static byte[] bytes(Path file) throws UnusableCertificateException {
    try (var in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_BYTES);
    } catch (NoSuchFileException e) {
      throw new UnusableCertificateException(
          "there is no file " + file, "Name the files under tls.certificate and tls.key.");
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static UnusableCertificateException unreadable(Path file, IOException e) {
    return new UnusableCertificateException(
        "cannot read " + file + ": " + e.getClass().getSimpleName(),
        "Let the gateway's user read it, for example by its group: chgrp ongsung, chmod 640.");
  }
}

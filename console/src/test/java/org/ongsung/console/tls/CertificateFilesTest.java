package org.ongsung.console.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.testkit.Program;

/// Files of a certificate that cannot be served with are named with the remedy.
class CertificateFilesTest {
  @TempDir Path folder;
  private CertificateFiles files;

  @BeforeEach
  void make() throws IOException {
    files = made("own", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
    mode("rw-r-----");
  }

  private CertificateFiles made(String name, String... kind) {
    CertificateFiles made =
        new CertificateFiles(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
    Program.of("openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1")
        .and("-newkey")
        .and(kind)
        .and("-keyout", made.key().toString(), "-out", made.certificate().toString())
        .run()
        .expectSuccess();
    return made;
  }

  private void mode(String permissions) throws IOException {
    Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString(permissions));
  }

  private static void refused(CertificateFiles files, String why, String advice) {
    UnusableCertificateException refusal =
        catchThrowableOfType(UnusableCertificateException.class, files::read);
    assertThat(refusal).hasMessageContaining(why);
    assertThat(refusal.advice()).contains(advice);
  }

  @Test
  void aKeyOfOwnerAndGroupIsTakenWithItsCertificate() throws Exception {
    assertThat(files.own().getSubjectX500Principal().getName()).isEqualTo("CN=127.0.0.1");
    mode("rw-------");
    assertThat(files.read().size()).isEqualTo(1);
  }

  @Test
  void aKeyThatOthersMayUse() throws Exception {
    for (String open : new String[] {"rw-r--r--", "rw-rw----", "rw----r--", "rw-----w-"}) {
      mode(open);
      refused(files, "may use " + files.key(), "chmod 640 '" + files.key() + "'");
    }
  }

  @Test
  void aKeyThatIsAnothersOrOfAnotherKind() {
    CertificateFiles other = made("other", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
    CertificateFiles rsa = made("rsa", "rsa:2048");
    for (Path certificate : new Path[] {other.certificate(), rsa.certificate()}) {
      refused(
          new CertificateFiles(certificate, files.key()),
          files.key() + " is not the key of " + certificate,
          "made together");
    }
  }

  @Test
  void aKeyInAnotherFormatOrWithAPassphrase() throws Exception {
    Path old = folder.resolve("old.key");
    Program.of("openssl", "ec", "-in", files.key().toString(), "-out", old.toString())
        .run()
        .expectSuccess();
    Path sealed = folder.resolve("sealed.key");
    Program.of("openssl", "pkcs8", "-topk8", "-in", files.key().toString())
        .and("-out", sealed.toString(), "-passout", "pass:anything")
        .run()
        .expectSuccess();
    for (Path key : new Path[] {old, sealed}) {
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
      refused(
          new CertificateFiles(files.certificate(), key),
          key + " holds no private key of PKCS #8",
          "openssl pkcs8 -topk8 -nocrypt");
    }
  }

  @Test
  void aFileThatIsNotThereOrNoCertificate() throws Exception {
    Path nowhere = folder.resolve("nowhere");
    refused(new CertificateFiles(nowhere, files.key()), "there is no file " + nowhere, "tls.");
    refused(
        new CertificateFiles(files.certificate(), nowhere), "there is no file " + nowhere, "tls.");
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    refused(new CertificateFiles(empty, files.key()), "holds no certificate", "fullchain.pem");
    Path half = Files.writeString(folder.resolve("half.pem"), "-----BEGIN CERTIFICATE-----\nMIIB");
    refused(new CertificateFiles(half, files.key()), "holds no certificate", "fullchain.pem");
  }
}

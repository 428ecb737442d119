package org.ongsung.protocols.ssh.cipher;

import java.util.Arrays;
import java.util.List;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.ChaCha20Cipher;
import org.apache.sshd.common.cipher.Cipher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ciphers offered to clients and targets, fastest first. In SSH the client's order decides
/// (RFC 4253 §7.1).
///
/// CBC, RC4 and 3DES are not among them. An upstream without strict key exchange may only get
/// [#aesGcm].
public final class SshCiphers {

  private static final Logger LOG = LoggerFactory.getLogger(SshCiphers.class);

  private static final boolean NATIVE = nativeWorks();

  private SshCiphers() {}

  /// `chacha20-poly1305@openssh.com`: by libcrypto where it can be loaded and computes right, else
  /// by MINA.
  public static NamedFactory<Cipher> chaCha20Poly1305() {
    return NATIVE ? new NativeFactory() : BuiltinCiphers.cc20p1305_openssh;
  }

  /// Whether chacha20-poly1305 is computed by libcrypto.
  public static boolean isNative() {
    return NATIVE;
  }

  /// AES-GCM alone, which the Terrapin attack (CVE-2023-48795) does not reach.
  public static List<NamedFactory<Cipher>> aesGcm() {
    return List.of(BuiltinCiphers.aes128gcm, BuiltinCiphers.aes256gcm);
  }

  /// Everything offered: AES-GCM, chacha20-poly1305, AES-CTR.
  public static List<NamedFactory<Cipher>> all() {
    return List.of(
        BuiltinCiphers.aes128gcm,
        BuiltinCiphers.aes256gcm,
        chaCha20Poly1305(),
        BuiltinCiphers.aes256ctr,
        BuiltinCiphers.aes192ctr,
        BuiltinCiphers.aes128ctr);
  }

  private record NativeFactory() implements NamedFactory<Cipher> {

    @Override
    public String getName() {
      return BuiltinCiphers.cc20p1305_openssh.getName();
    }

    @Override
    public Cipher create() {
      return new NativeChaCha20Poly1305();
    }
  }

  /// Loads libcrypto and compares one packet with MINA's.
  private static boolean nativeWorks() {
    NativeChaCha20Poly1305 ours = new NativeChaCha20Poly1305();
    try {
      if (Arrays.equals(sample(ours), sample(new ChaCha20Cipher()))) {
        return true;
      }
      LOG.warn(
          "libcrypto computes chacha20-poly1305 differently; using the slower built-in cipher");
    } catch (LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      LOG.info(
          "No libcrypto 3 for chacha20-poly1305 ({}); using the slower built-in cipher",
          cause.getMessage());
    } catch (Exception e) {
      LOG.warn("libcrypto fails at chacha20-poly1305; using the slower built-in cipher", e);
    } finally {
      ours.free();
    }
    return false;
  }

  private static byte[] sample(Cipher cipher) throws Exception {
    byte[] key = new byte[64];
    byte[] packet = new byte[4 + 200 + 16];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    cipher.init(Cipher.Mode.Encrypt, key, new byte[] {0, 0, 0, 0, 0, 0, 1, 2});
    cipher.updateWithAAD(packet, 0, 4, 200);
    return packet;
  }
}

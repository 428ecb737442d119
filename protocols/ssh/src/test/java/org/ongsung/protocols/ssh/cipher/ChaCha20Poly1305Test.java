package org.ongsung.protocols.ssh.cipher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.AEADBadTagException;
import org.apache.sshd.common.cipher.ChaCha20Cipher;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.cipher.Cipher.Mode;
import org.junit.jupiter.api.Test;

class ChaCha20Poly1305Test {

  private static final int[] LENGTHS = {
    8, 16, 24, 56, 64, 72, 120, 128, 1024, 32_776, 35_000, 262_144
  };

  private static byte[] key(long seed) {
    byte[] key = new byte[64];
    new SplittableRandom(seed).nextBytes(key);
    return key;
  }

  private static byte[] nonce(long sequence) {
    return ByteBuffer.allocate(8).putLong(sequence).array();
  }

  private static Cipher made(Cipher cipher, Mode mode, long keySeed, long sequence)
      throws Exception {
    cipher.init(mode, key(keySeed), nonce(sequence));
    return cipher;
  }

  private static Cipher ours(Mode mode, long keySeed, long sequence) throws Exception {
    return made(new NativeChaCha20Poly1305(), mode, keySeed, sequence);
  }

  private static Cipher theirs(Mode mode, long keySeed, long sequence) throws Exception {
    return made(new ChaCha20Cipher(), mode, keySeed, sequence);
  }

  /// A packet that starts at `offset` of an array with room on both sides.
  private static byte[] packet(long seed, int offset, int length) {
    byte[] packet = new byte[offset + 4 + length + 16 + 3];
    new SplittableRandom(seed).nextBytes(packet);
    return packet;
  }

  @Test
  void libcryptoIsLoadedOnTheMachinesWeTestOn() {
    assertThat(SshCiphers.isNative()).isTrue();
    assertThat(SshCiphers.chaCha20Poly1305().create()).isInstanceOf(NativeChaCha20Poly1305.class);
    assertThat(SshCiphers.chaCha20Poly1305().getName()).isEqualTo("chacha20-poly1305@openssh.com");
  }

  @Test
  void itTellsMinaTheSameSizesAsMinasOwn() {
    Cipher ours = new NativeChaCha20Poly1305();
    Cipher theirs = new ChaCha20Cipher();
    assertThat(ours.getAlgorithm()).isEqualTo(theirs.getAlgorithm());
    assertThat(ours.getTransformation()).isEqualTo(theirs.getTransformation());
    assertThat(ours.getIVSize()).isEqualTo(theirs.getIVSize());
    assertThat(ours.getKdfSize()).isEqualTo(theirs.getKdfSize());
    assertThat(ours.getKeySize()).isEqualTo(theirs.getKeySize());
    assertThat(ours.getCipherBlockSize()).isEqualTo(theirs.getCipherBlockSize());
    assertThat(ours.getAuthenticationTagSize()).isEqualTo(theirs.getAuthenticationTagSize());
  }

  @Test
  void itEncryptsToTheSameBytesAsMina() throws Exception {
    Cipher ours = ours(Mode.Encrypt, 1, 3);
    Cipher theirs = theirs(Mode.Encrypt, 1, 3);
    for (int round = 0; round < 3; round++) {
      for (int length : LENGTHS) {
        byte[] one = packet(length, 5, length);
        byte[] other = one.clone();
        ours.updateWithAAD(one, 5, 4, length);
        theirs.updateWithAAD(other, 5, 4, length);
        assertThat(one).as("length %d", length).isEqualTo(other);
      }
    }
  }

  @Test
  void whatMinaEncryptedItDecryptsAndTheOtherWayRound() throws Exception {
    for (boolean oursEncrypts : new boolean[] {true, false}) {
      Cipher from = oursEncrypts ? ours(Mode.Encrypt, 7, 0) : theirs(Mode.Encrypt, 7, 0);
      Cipher to = oursEncrypts ? theirs(Mode.Decrypt, 7, 0) : ours(Mode.Decrypt, 7, 0);
      for (int length : LENGTHS) {
        byte[] plain = packet(length, 2, length);
        byte[] data = plain.clone();
        from.updateWithAAD(data, 2, 4, length);
        // As MINA's decoder does: the length first, the rest when it has come in.
        to.updateAAD(data, 2, 4);
        to.update(data, 6, length);
        assertThat(ByteBuffer.wrap(data, 0, 6 + length))
            .isEqualTo(ByteBuffer.wrap(plain, 0, 6 + length));
      }
    }
  }

  @Test
  void sequenceNumbersWrapAsInMina() throws Exception {
    long last = (1L << 32) - 1;
    Cipher ours = ours(Mode.Encrypt, 2, last);
    Cipher theirs = theirs(Mode.Encrypt, 2, last);
    for (int i = 0; i < 3; i++) {
      byte[] one = packet(i, 0, 64);
      byte[] other = one.clone();
      ours.updateWithAAD(one, 0, 4, 64);
      theirs.updateWithAAD(other, 0, 4, 64);
      assertThat(one).isEqualTo(other);
    }
  }

  @Test
  void aChangedBitAnywhereIsRefusedAndThePayloadStaysEncrypted() throws Exception {
    int length = 64;
    byte[] sealed = packet(9, 0, length);
    ours(Mode.Encrypt, 3, 11).updateWithAAD(sealed, 0, 4, length);
    for (int bit = 0; bit < (4 + length + 16) * 8; bit++) {
      byte[] bad = sealed.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      byte[] before = bad.clone();
      Cipher cipher = ours(Mode.Decrypt, 3, 11);
      cipher.updateAAD(bad, 0, 4);
      assertThatThrownBy(() -> cipher.update(bad, 4, length))
          .isInstanceOf(AEADBadTagException.class);
      assertThat(ByteBuffer.wrap(bad, 4, length + 16))
          .isEqualTo(ByteBuffer.wrap(before, 4, length + 16));
    }
  }

  @Test
  void aPacketThatIsReplayedOrComesOutOfOrderIsRefused() throws Exception {
    byte[] first = packet(1, 0, 64);
    byte[] second = packet(2, 0, 64);
    Cipher sender = ours(Mode.Encrypt, 3, 0);
    sender.updateWithAAD(first, 0, 4, 64);
    sender.updateWithAAD(second, 0, 4, 64);
    Cipher receiver = ours(Mode.Decrypt, 3, 0);
    byte[] early = second.clone();
    receiver.updateAAD(early, 0, 4);
    assertThatThrownBy(() -> receiver.update(early, 4, 64)).isInstanceOf(AEADBadTagException.class);
  }

  @Test
  void aNewKeyStartsAnewAndFreesTheOldContexts() throws Exception {
    NativeChaCha20Poly1305 ours = new NativeChaCha20Poly1305();
    for (int rekey = 0; rekey < 2_000; rekey++) {
      ours.init(Mode.Encrypt, key(rekey), nonce(rekey % 5));
      byte[] one = packet(rekey, 0, 256);
      ours.updateWithAAD(one, 0, 4, 256);
      if (rekey % 100 == 0) {
        byte[] other = packet(rekey, 0, 256);
        theirs(Mode.Encrypt, rekey, rekey % 5).updateWithAAD(other, 0, 4, 256);
        assertThat(one).isEqualTo(other);
      }
    }
    ours.free();
    ours.free();
    assertThatThrownBy(() -> ours.update(new byte[64], 0, 32))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void manySessionsAtOnceDoNotMixTheirKeys() throws Exception {
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<Future<Boolean>> done = new ArrayList<>();
      for (int session = 0; session < 32; session++) {
        int seed = session;
        done.add(threads.submit(() -> agreesWithMina(seed)));
      }
      for (Future<Boolean> one : done) {
        assertThat(one.get()).isTrue();
      }
    }
  }

  private static boolean agreesWithMina(int seed) throws Exception {
    Cipher ours = ours(Mode.Encrypt, seed, 0);
    Cipher theirs = theirs(Mode.Decrypt, seed, 0);
    for (int i = 0; i < 300; i++) {
      byte[] plain = packet(i, 0, 2_048);
      byte[] data = plain.clone();
      ours.updateWithAAD(data, 0, 4, 2_048);
      theirs.updateAAD(data, 0, 4);
      theirs.update(data, 4, 2_048);
      if (!ByteBuffer.wrap(data, 0, 2_052).equals(ByteBuffer.wrap(plain, 0, 2_052))) {
        return false;
      }
    }
    return true;
  }

  @Test
  void ofALongerKeyAndNonceTheFirstBytesCountAsInMina() throws Exception {
    byte[] longKey = Arrays.copyOf(key(4), 96);
    byte[] longNonce = Arrays.copyOf(nonce(5), 64);
    byte[] one = packet(1, 0, 64);
    byte[] other = one.clone();
    Cipher ours = new NativeChaCha20Poly1305();
    ours.init(Mode.Encrypt, longKey, longNonce);
    ours.updateWithAAD(one, 0, 4, 64);
    theirs(Mode.Encrypt, 4, 5).updateWithAAD(other, 0, 4, 64);
    assertThat(one).isEqualTo(other);
  }

  @Test
  void wrongUseIsRefused() throws Exception {
    NativeChaCha20Poly1305 cipher = new NativeChaCha20Poly1305();
    assertThatThrownBy(() -> cipher.updateAAD(new byte[8], 0, 4))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> cipher.init(Mode.Encrypt, new byte[63], nonce(0)))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> cipher.init(Mode.Encrypt, key(0), new byte[7]))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> cipher.init(Mode.Encrypt, key(0), nonce(1L << 32)))
        .isInstanceOf(GeneralSecurityException.class);
    cipher.init(Mode.Encrypt, key(0), nonce((1L << 32) - 1));
    assertThatThrownBy(() -> cipher.updateAAD(new byte[8], 0, 3))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> cipher.update(new byte[64], 0, 64))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void theListsHoldNothingOld() {
    assertThat(SshCiphers.all().stream().map(cipher -> cipher.getName()))
        .startsWith(
            "aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com")
        .noneMatch(
            name -> name.contains("cbc") || name.contains("3des") || name.contains("arcfour"));
    assertThat(SshCiphers.aesGcm().stream().map(cipher -> cipher.getName()))
        .containsExactly("aes128-gcm@openssh.com", "aes256-gcm@openssh.com");
  }

  /// First block of RFC 8439 §2.3.2's key with OpenSSH's 64-bit counter and nonce 0, by the
  /// reference design.
  @Test
  void theCodeOfAnAllZeroKeyIsTheKnownOne() throws Exception {
    NativeChaCha20Poly1305 cipher = new NativeChaCha20Poly1305();
    cipher.init(Mode.Encrypt, new byte[64], nonce(0));
    byte[] packet = new byte[4 + 8 + 16];
    cipher.updateWithAAD(packet, 0, 4, 8);
    // RFC 8439 A.1, test vectors 1 and 2: key stream of the zero key at block 0 and block 1.
    assertThat(HexFormat.of().formatHex(packet, 0, 4)).isEqualTo("76b8e0ad");
    assertThat(HexFormat.of().formatHex(packet, 4, 12)).isEqualTo("9f07e7be5551387a");
  }
}

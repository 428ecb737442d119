package org.ongsung.protocols.ssh.cipher;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import org.apache.sshd.common.cipher.Cipher;
import org.jspecify.annotations.Nullable;

/// `chacha20-poly1305@openssh.com` computed by libcrypto, in place in the packet's own array.
///
/// The key of 64 bytes is K_2 (payload and code) followed by K_1 (the packet's length). The nonce is the sequence
/// number of the packet as a 64-bit big-endian integer. Block 0 of K_2's key stream gives the Poly1305 key, blocks
/// from 1 the payload's key stream; the code covers encrypted length and encrypted payload.
///
///     +--------------------+--------------------------+-----------+
///     | length (4), by K_1 | payload, padding, by K_2 | code (16) |
///     +--------------------+--------------------------+-----------+
///
/// Decryption checks the code in constant time before it touches the payload. Not for several threads at once. The
/// native contexts are freed when the cipher has become unreachable, as it does after a re-key and when its session
/// ends, or by a second [#init].
///
/// Source: OpenSSH's PROTOCOL.chacha20poly1305.
final class NativeChaCha20Poly1305 implements Cipher {

  private static final Cleaner CLEANER =
      Cleaner.create(Thread.ofPlatform().daemon().name("ssh-cipher-cleaner").factory());
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int KEY_BYTES = 32;
  private static final int LENGTH_BYTES = 4;
  private static final int CODE_BYTES = 16;
  private static final int BLOCK_BYTES = 64;
  private static final int NONCE_OFFSET = 8;
  private static final long SEQUENCES = 1L << 32;
  private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[BLOCK_BYTES]);

  private final byte[] counterAndNonce = new byte[16];
  private final byte[] length = new byte[LENGTH_BYTES];
  private final byte[] code = new byte[CODE_BYTES];
  private final MemorySegment ivSegment = MemorySegment.ofArray(counterAndNonce);
  private final MemorySegment lengthSegment = MemorySegment.ofArray(length);
  private final MemorySegment codeSegment = MemorySegment.ofArray(code);
  private final MemorySegment macKeySegment = MemorySegment.ofArray(new byte[BLOCK_BYTES]);
  private final MemorySegment intSegment = MemorySegment.ofArray(new int[1]);
  private final MemorySegment longSegment = MemorySegment.ofArray(new long[1]);
  private @Nullable Contexts contexts;
  private Cleaner.@Nullable Cleanable cleanable;
  private boolean encrypts;
  private long sequence;
  private long packetsLeft;

  /// The native side of one cipher; holds no reference to it, so that it can become unreachable.
  private record Contexts(MemorySegment payload, MemorySegment length, MemorySegment mac)
      implements Runnable {

    @Override
    public void run() {
      LibCrypto.freeCipher(payload);
      LibCrypto.freeCipher(length);
      LibCrypto.freeMac(mac);
    }
  }

  @Override
  public void init(Mode mode, byte[] key, byte[] iv) throws Exception {
    // MINA derives both from whole digests, so that either may be longer than what counts.
    if (key.length < 2 * KEY_BYTES || iv.length < Long.BYTES) {
      throw new GeneralSecurityException(
          "chacha20-poly1305 takes a key of 64 bytes and a nonce of 8");
    }
    long first = (long) LONG.get(iv, 0);
    if (first < 0 || first >= SEQUENCES) {
      throw new GeneralSecurityException(
          "The nonce is not the sequence number of a packet: " + first);
    }
    Cleaner.Cleanable before = cleanable;
    if (before != null) {
      before.clean();
    }
    encrypts = mode == Mode.Encrypt;
    sequence = first;
    packetsLeft = SEQUENCES;
    Contexts made = contexts(key);
    contexts = made;
    cleanable = CLEANER.register(this, made);
  }

  private Contexts contexts(byte[] key) throws GeneralSecurityException {
    MemorySegment keys = MemorySegment.ofArray(key);
    MemorySegment payload = LibCrypto.newChaCha20(keys.asSlice(0, KEY_BYTES), ivSegment);
    try {
      MemorySegment lengths = LibCrypto.newChaCha20(keys.asSlice(KEY_BYTES, KEY_BYTES), ivSegment);
      try {
        return new Contexts(payload, lengths, LibCrypto.newPoly1305());
      } catch (GeneralSecurityException e) {
        LibCrypto.freeCipher(lengths);
        throw e;
      }
    } catch (GeneralSecurityException e) {
      LibCrypto.freeCipher(payload);
      throw e;
    }
  }

  @Override
  public void updateAAD(byte[] data, int offset, int aadLength) throws Exception {
    try {
      cryptLength(ready(), data, offset, aadLength);
    } finally {
      // Without it the cleaner might free the contexts under a last call.
      Reference.reachabilityFence(this);
    }
  }

  private void cryptLength(Contexts with, byte[] data, int offset, int aadLength)
      throws GeneralSecurityException {
    if (aadLength != LENGTH_BYTES) {
      throw new GeneralSecurityException("Only the packet's length stands before the payload");
    }
    if (packetsLeft == 0) {
      throw new GeneralSecurityException("No sequence number may be used twice with a key");
    }
    LONG.set(counterAndNonce, NONCE_OFFSET, sequence);
    if (!encrypts) {
      System.arraycopy(data, offset, length, 0, LENGTH_BYTES);
    }
    MemorySegment field = MemorySegment.ofArray(data).asSlice(offset, LENGTH_BYTES);
    LibCrypto.restart(with.length, ivSegment);
    LibCrypto.apply(with.length, field, intSegment, field, LENGTH_BYTES);
    if (encrypts) {
      System.arraycopy(data, offset, length, 0, LENGTH_BYTES);
    }
  }

  @Override
  public void update(byte[] data, int offset, int dataLength) throws Exception {
    try {
      cryptPayload(ready(), data, offset, dataLength);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private void cryptPayload(Contexts with, byte[] data, int offset, int dataLength)
      throws GeneralSecurityException {
    MemorySegment all = MemorySegment.ofArray(data);
    MemorySegment payload = all.asSlice(offset, dataLength);
    // The whole of block 0, of which the code's key is the first half, so that the payload starts
    // at block 1.
    LibCrypto.restart(with.payload, ivSegment);
    LibCrypto.apply(with.payload, macKeySegment, intSegment, ZEROS, BLOCK_BYTES);
    LibCrypto.macStart(with.mac, macKeySegment);
    LibCrypto.macUpdate(with.mac, lengthSegment, LENGTH_BYTES);
    if (encrypts) {
      LibCrypto.apply(with.payload, payload, intSegment, payload, dataLength);
      LibCrypto.macUpdate(with.mac, payload, dataLength);
      LibCrypto.macFinish(with.mac, all.asSlice(offset + dataLength, CODE_BYTES), longSegment);
    } else {
      LibCrypto.macUpdate(with.mac, payload, dataLength);
      LibCrypto.macFinish(with.mac, codeSegment, longSegment);
      verify(data, offset + dataLength);
      LibCrypto.apply(with.payload, payload, intSegment, payload, dataLength);
    }
    sequence = (sequence + 1) % SEQUENCES;
    packetsLeft--;
  }

  private void verify(byte[] data, int offset) throws AEADBadTagException {
    int difference = 0;
    for (int i = 0; i < CODE_BYTES; i++) {
      difference |= data[offset + i] ^ code[i];
    }
    if (difference != 0) {
      throw new AEADBadTagException("Tag mismatch");
    }
  }

  private Contexts ready() throws GeneralSecurityException {
    Contexts made = contexts;
    if (made == null) {
      throw new GeneralSecurityException("The cipher has no key yet");
    }
    return made;
  }

  /// Frees the native contexts now, rather than some time after the cipher has become unreachable.
  void free() {
    Cleaner.Cleanable registered = cleanable;
    contexts = null;
    if (registered != null) {
      registered.clean();
    }
    Arrays.fill(length, (byte) 0);
  }

  /// As MINA calls it; its sessions take the sequence number for the nonce where a name begins like
  /// this.
  @Override
  public String getAlgorithm() {
    return "ChaCha20";
  }

  @Override
  public String getTransformation() {
    return "ChaCha20";
  }

  @Override
  public int getIVSize() {
    return Long.BYTES;
  }

  @Override
  public int getAuthenticationTagSize() {
    return CODE_BYTES;
  }

  @Override
  public int getCipherBlockSize() {
    return 8;
  }

  @Override
  public int getKdfSize() {
    return 2 * KEY_BYTES;
  }

  @Override
  public int getKeySize() {
    return 2 * KEY_BYTES * Byte.SIZE;
  }

  @Override
  public String toString() {
    return "chacha20-poly1305 by libcrypto";
  }
}

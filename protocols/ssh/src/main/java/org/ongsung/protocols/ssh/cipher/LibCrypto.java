package org.ongsung.protocols.ssh.cipher;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.security.GeneralSecurityException;

/// The functions of OpenSSL 3's libcrypto that chacha20-poly1305 needs, called with arrays of the
/// Java heap.
///
/// Calls that take data are *critical*: the collector does not move the arrays meanwhile, so there
/// is nothing to copy; they last microseconds. Touching this class fails with a [LinkageError]
/// where there is no such library or native access is not allowed.
///
/// Sources: OpenSSL 3.0 manual pages EVP_EncryptInit(3), EVP_chacha20(3), EVP_MAC(3),
/// EVP_MAC-Poly1305(7).
@SuppressWarnings("restricted") // to call native code is what this class is for
final class LibCrypto {

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBRARY =
      SymbolLookup.libraryLookup("libcrypto.so.3", Arena.global());

  private static final MethodHandle CIPHER_NEW =
      function("EVP_CIPHER_CTX_new", FunctionDescriptor.of(ADDRESS));
  private static final MethodHandle CIPHER_FREE =
      function("EVP_CIPHER_CTX_free", FunctionDescriptor.ofVoid(ADDRESS));
  private static final MethodHandle CIPHER_INIT =
      onHeap(
          "EVP_CipherInit_ex",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT));
  private static final MethodHandle CIPHER_UPDATE =
      onHeap(
          "EVP_CipherUpdate",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT));
  private static final MethodHandle CHACHA20 =
      function("EVP_chacha20", FunctionDescriptor.of(ADDRESS));
  private static final MethodHandle MAC_FETCH =
      function("EVP_MAC_fetch", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle MAC_NEW =
      function("EVP_MAC_CTX_new", FunctionDescriptor.of(ADDRESS, ADDRESS));
  private static final MethodHandle MAC_FREE =
      function("EVP_MAC_CTX_free", FunctionDescriptor.ofVoid(ADDRESS));
  private static final MethodHandle MAC_INIT =
      onHeap("EVP_MAC_init", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
  private static final MethodHandle MAC_UPDATE =
      onHeap("EVP_MAC_update", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
  private static final MethodHandle MAC_FINAL =
      onHeap(
          "EVP_MAC_final", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));

  private static final MemorySegment CHACHA20_CIPHER = chacha20();
  private static final MemorySegment POLY1305_MAC = poly1305();

  private LibCrypto() {}

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(symbol(name), descriptor);
  }

  private static MethodHandle onHeap(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(symbol(name), descriptor, Linker.Option.critical(true));
  }

  private static MemorySegment symbol(String name) {
    return LIBRARY
        .find(name)
        .orElseThrow(() -> new UnsatisfiedLinkError("libcrypto has no " + name));
  }

  private static MemorySegment chacha20() {
    try {
      return notNull((MemorySegment) CHACHA20.invokeExact(), "EVP_chacha20");
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MemorySegment poly1305() {
    try (Arena arena = Arena.ofConfined()) {
      return notNull(
          (MemorySegment)
              MAC_FETCH.invokeExact(
                  MemorySegment.NULL, arena.allocateFrom("POLY1305"), MemorySegment.NULL),
          "EVP_MAC_fetch");
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MemorySegment notNull(MemorySegment address, String function) {
    if (address.address() == 0) {
      throw new IllegalStateException(function + " gave nothing");
    }
    return address;
  }

  /// A ChaCha20 context with its key; to be freed with [#freeCipher].
  ///
  /// @param key 32 bytes
  /// @param counterAndNonce 8 bytes of counter, little-endian, and 8 bytes of nonce
  static MemorySegment newChaCha20(MemorySegment key, MemorySegment counterAndNonce)
      throws GeneralSecurityException {
    try {
      MemorySegment context =
          notNull((MemorySegment) CIPHER_NEW.invokeExact(), "EVP_CIPHER_CTX_new");
      int done =
          (int)
              CIPHER_INIT.invokeExact(
                  context, CHACHA20_CIPHER, MemorySegment.NULL, key, counterAndNonce, 1);
      if (done != 1) {
        freeCipher(context);
        throw new GeneralSecurityException("EVP_CipherInit_ex failed");
      }
      return context;
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /// Starts the key stream anew at another counter and nonce.
  static void restart(MemorySegment context, MemorySegment counterAndNonce)
      throws GeneralSecurityException {
    try {
      check(
          (int)
              CIPHER_INIT.invokeExact(
                  context,
                  MemorySegment.NULL,
                  MemorySegment.NULL,
                  MemorySegment.NULL,
                  counterAndNonce,
                  1),
          "EVP_CipherInit_ex");
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /// Applies the key stream to `length` bytes; `out` may be `in`.
  ///
  /// @param outLength room for an int that libcrypto writes
  static void apply(
      MemorySegment context,
      MemorySegment out,
      MemorySegment outLength,
      MemorySegment in,
      int length)
      throws GeneralSecurityException {
    try {
      check(
          (int) CIPHER_UPDATE.invokeExact(context, out, outLength, in, length), "EVP_CipherUpdate");
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /// A Poly1305 context; to be freed with [#freeMac].
  static MemorySegment newPoly1305() throws GeneralSecurityException {
    try {
      return notNull((MemorySegment) MAC_NEW.invokeExact(POLY1305_MAC), "EVP_MAC_CTX_new");
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /// Starts a code with a key of 32 bytes.
  static void macStart(MemorySegment mac, MemorySegment key) throws GeneralSecurityException {
    try {
      check((int) MAC_INIT.invokeExact(mac, key, 32L, MemorySegment.NULL), "EVP_MAC_init");
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  static void macUpdate(MemorySegment mac, MemorySegment data, long length)
      throws GeneralSecurityException {
    try {
      check((int) MAC_UPDATE.invokeExact(mac, data, length), "EVP_MAC_update");
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /// Writes the 16 bytes of the code.
  ///
  /// @param outLength room for a long that libcrypto writes
  static void macFinish(MemorySegment mac, MemorySegment out, MemorySegment outLength)
      throws GeneralSecurityException {
    try {
      check((int) MAC_FINAL.invokeExact(mac, out, outLength, 16L), "EVP_MAC_final");
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  static void freeCipher(MemorySegment context) {
    try {
      CIPHER_FREE.invokeExact(context);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  static void freeMac(MemorySegment mac) {
    try {
      MAC_FREE.invokeExact(mac);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void check(int result, String function) throws GeneralSecurityException {
    if (result != 1) {
      throw new GeneralSecurityException(function + " failed");
    }
  }

  /// Method handles declare every throwable; what can come is ours, or an error of the virtual
  /// machine.
  private static GeneralSecurityException failure(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof GeneralSecurityException known
        ? known
        : new GeneralSecurityException("A call of libcrypto failed", e);
  }
}

package org.ongsung.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.ongsung.directory.Passwords;
import org.ongsung.model.ConnectionGuard;
import org.ongsung.model.PasswordHash;

/// Argon2id (RFC 9106) over Bouncy Castle: 32 MiB and 2 passes for new hashes, about 60 ms of a
/// processor; OWASP's password storage cheat sheet asks for 19 MiB and 2 passes at least. Hashes of
/// other costs are known again within the limits.
///
/// Threads: callers block and belong on virtual threads. The work itself runs on a few platform
/// threads of its own, because it would hold the carriers of all virtual threads for tens of
/// milliseconds; so memory and processors are bounded at once.
public final class PasswordHasher implements Passwords, AutoCloseable {
  private static final Argon2Parameters FRESH = new Argon2Parameters(32_768, 2, 1);
  private static final int SALT_BYTES = 16;
  private static final int TAG_BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final PasswordLimits limits;
  private final ThreadPoolExecutor workers;
  private final PasswordHash decoy = FRESH.encode(new byte[SALT_BYTES], new byte[TAG_BYTES]);

  public PasswordHasher(PasswordLimits limits) {
    this.limits = limits;
    this.workers =
        new ThreadPoolExecutor(
            limits.atOnce(),
            limits.atOnce(),
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(limits.waiting()),
            Thread.ofPlatform().daemon().name("password-", 0).factory());
    workers.allowCoreThreadTimeOut(true);
  }

  /// {@inheritDoc}
  ///
  /// @throws PasswordsBusyException when its turn does not come in time
  /// @throws IllegalArgumentException for a password that is empty or too long
  @Override
  public PasswordHash hash(String password) {
    checkLength(password);
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return work(() -> FRESH.encode(salt, tag(FRESH, password, salt, TAG_BYTES)));
  }

  /// {@inheritDoc} A hash beyond the limits, or a password too long, matches nothing.
  ///
  /// @throws PasswordsBusyException when its turn does not come in time
  @Override
  public boolean matches(String password, PasswordHash hash) {
    return matches(password, hash, () -> true, matched -> matched).orElseThrow();
  }

  /// The same, with something to do before and after within the same turn, so that no other check
  /// begins in between where one is made at a time.
  ///
  /// @param still asked when the turn has come; nothing is checked when it says no
  /// @param then makes the result of whether the password matched
  /// @return the result, or nothing when nothing was checked
  <T> Optional<T> matches(
      String password, PasswordHash hash, BooleanSupplier still, Function<Boolean, T> then) {
    boolean usable = password.length() <= MAX_CHARACTERS && isAcceptable(hash);
    Argon2Parameters.Parsed parsed = Argon2Parameters.parse(usable ? hash : decoy);
    String checked = usable ? password : "";
    return work(
        () -> {
          if (!still.getAsBoolean()) {
            return Optional.empty();
          }
          byte[] tag = tag(parsed.parameters, checked, parsed.salt, parsed.tag.length);
          return Optional.of(then.apply(MessageDigest.isEqual(tag, parsed.tag) && usable));
        });
  }

  /// A hash of ordinary cost that no password has, to be checked where there is none.
  PasswordHash decoy() {
    return decoy;
  }

  @Override
  public void checkAcceptable(PasswordHash hash) {
    Argon2Parameters parameters = Argon2Parameters.parse(hash).parameters;
    if (parameters.memoryKib() > limits.maxMemoryKib()
        || parameters.iterations() > limits.maxIterations()
        || parameters.lanes() > limits.maxLanes()
        || parameters.memoryKib() < 8 * parameters.lanes()) {
      throw new IllegalArgumentException(
          "an Argon2id hash has at most m=%d, t=%d, p=%d, and at least 8 KiB a lane"
              .formatted(limits.maxMemoryKib(), limits.maxIterations(), limits.maxLanes()));
    }
  }

  private boolean isAcceptable(PasswordHash hash) {
    try {
      checkAcceptable(hash);
      return true;
    } catch (IllegalArgumentException e) {
      return false; // stored by an older configuration; it can no longer be checked
    }
  }

  private static void checkLength(String password) {
    if (password.isEmpty() || password.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException("a password has 1 to 1024 characters");
    }
  }

  private static byte[] tag(
      Argon2Parameters parameters, String password, byte[] salt, int tagBytes) {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    try {
      return parameters.tag(bytes, salt, tagBytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private <T> T work(Callable<T> task) {
    ConnectionGuard.assertNoneHeld("the turn of a password");
    Future<T> result;
    try {
      result = workers.submit(task);
    } catch (RejectedExecutionException e) {
      throw new PasswordsBusyException(e);
    }
    try {
      return result.get(limits.patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      result.cancel(false);
      throw new PasswordsBusyException(e);
    } catch (InterruptedException e) {
      result.cancel(false);
      Thread.currentThread().interrupt();
      throw new PasswordsBusyException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a password could not be hashed", e.getCause());
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}

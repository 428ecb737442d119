package org.ongsung.protocols.telnet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.gateway.AccessAddress;
import org.ongsung.gateway.terminal.TerminalInput;
import org.ongsung.gateway.terminal.TerminalSignal;
import org.ongsung.policy.AuthenticatedUser;
import org.ongsung.policy.Authenticator;
import org.ongsung.policy.LoginAttempt;
import org.ongsung.policy.LoginResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The login of a person: the gateway asks `login:` and `Password:` itself, on their terminal.
///
/// What is typed at `login:` is an [AccessAddress], as with SSH. Each attempt is proven from its
/// own two lines alone; nothing of a failed one is kept but the count. The name is echoed by us as
/// far as it is harmless, the password never.
///
/// For one thread; blocks.
final class TelnetAuthentication {
  /// Who is there and what they want.
  record Proven(AuthenticatedUser user, AccessAddress address) {}

  private static final Logger LOG = LoggerFactory.getLogger(TelnetAuthentication.class);

  /// The longest line, in bytes, inclusive; what is longer proves nothing.
  static final int MAX_LINE_BYTES = 1_024;

  private final TelnetFront front;
  private final Authenticator authenticator;
  private final InetAddress source;
  private final String name;
  private final TelnetLimits limits;

  // What was typed and not looked at yet.
  private byte[] ahead = {};
  private int at;

  /// @param name how the front calls itself in the ledger: `telnet` or `telnets`
  TelnetAuthentication(
      TelnetFront front,
      Authenticator authenticator,
      InetAddress source,
      String name,
      TelnetLimits limits) {
    this.front = front;
    this.authenticator = authenticator;
    this.source = source;
    this.name = name;
    this.limits = limits;
  }

  /// Asks until somebody is proven, or until it is enough; who is not has been told.
  Optional<Proven> ask() throws IOException, InterruptedException {
    for (int failures = 0; failures < limits.maxFailedLogins(); ) {
      byte[] asked = line(TelnetWords.LOGIN, true);
      if (asked == null) {
        return Optional.empty();
      }
      String address = new String(asked, StandardCharsets.UTF_8).strip();
      if (address.isEmpty()) {
        continue;
      }
      byte[] password = line(TelnetWords.PASSWORD, false);
      if (password == null) {
        return Optional.empty();
      }
      LoginResult result = attempt(address, password);
      if (result instanceof LoginResult.Accepted accepted) {
        return Optional.of(new Proven(accepted.user(), AccessAddress.parse(address)));
      }
      if (!(result instanceof LoginResult.Rejected)) {
        return Optional.empty();
      }
      failures++;
      front.print(TelnetWords.INCORRECT.with().in(front.language()) + "\r\n\r\n");
    }
    front.tell(TelnetWords.TOO_OFTEN.with());
    return Optional.empty();
  }

  /// @return null when it cannot be looked at; the person has been told
  private @Nullable LoginResult attempt(String address, byte[] password) {
    try {
      LoginResult result =
          authenticator.password(
              new LoginAttempt(AccessAddress.parse(address).user(), source, name),
              new String(password, StandardCharsets.UTF_8));
      if (result instanceof LoginResult.Blocked blocked) {
        front.tell(TelnetWords.BLOCKED.with(Math.max(1, blocked.retryAfter().toSeconds())));
      }
      return result;
    } catch (LedgerUnavailableException e) {
      LOG.error("a login cannot be put into the ledger", e);
      front.tell(TelnetWords.UNAVAILABLE.with());
      return null;
    } finally {
      Arrays.fill(password, (byte) 0);
    }
  }

  /// Shows a prompt and reads a line.
  ///
  /// @return null when the person leaves
  private byte @Nullable [] line(TelnetWords prompt, boolean echo)
      throws IOException, InterruptedException {
    front.print(prompt.with().in(front.language()) + " ");
    Line line = new Line(echo);
    while (true) {
      while (at < ahead.length) {
        byte b = ahead[at++];
        if (b == '\r' || b == '\n') {
          front.print("\r\n");
          return line.taken();
        }
        if (b == 0x03 || b == 0x04) {
          front.print("\r\n");
          line.wipe();
          return null;
        }
        line.key(b);
      }
      switch (front.next()) {
        case TerminalInput.Typed typed -> {
          ahead = typed.bytes();
          at = 0;
        }
        case TerminalInput.Signalled signalled when signalled.signal() != TerminalSignal.BREAK -> {
          return null;
        }
        case TerminalInput.Left _ -> {
          return null;
        }
        default -> {}
      }
    }
  }

  /// What was typed after the last line that was asked for.
  byte[] typedAhead() {
    byte[] rest = Arrays.copyOfRange(ahead, at, ahead.length);
    at = ahead.length;
    return rest;
  }

  /// A line as it is edited.
  private final class Line {
    private final boolean echo;
    private final byte[] bytes = new byte[MAX_LINE_BYTES + 1];
    private int length;

    Line(boolean echo) {
      this.echo = echo;
    }

    void key(byte b) throws IOException {
      switch (b) {
        case 0x08, 0x7f -> erase(1);
        case 0x15 -> erase(length);
        default -> {
          // One byte more than may be is kept, so that a line too long never counts as its start.
          if ((b >= ' ' || b < 0) && length <= MAX_LINE_BYTES) {
            bytes[length++] = b;
            if (echo && b > 0) {
              front.print(String.valueOf((char) b));
            }
          }
        }
      }
    }

    private void erase(int count) throws IOException {
      for (int i = 0; i < count && length > 0; i++) {
        byte gone = bytes[--length];
        bytes[length] = 0;
        if (echo && gone > 0) {
          front.print("\b \b");
        }
      }
    }

    byte[] taken() {
      ByteArrayOutputStream out = new ByteArrayOutputStream(length);
      out.write(bytes, 0, length > MAX_LINE_BYTES ? 0 : length);
      wipe();
      return out.toByteArray();
    }

    void wipe() {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}

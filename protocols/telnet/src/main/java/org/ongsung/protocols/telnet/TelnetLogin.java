package org.ongsung.protocols.telnet;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.time.Duration;
import org.ongsung.gateway.OpenSession;
import org.ongsung.gateway.terminal.TerminalDialException;
import org.ongsung.gateway.terminal.TerminalWords;
import org.ongsung.model.Account;
import org.ongsung.model.EndReason;

/// Answers the prompts of a target with the login and the password of an account: each once, since
/// a target that asks again has refused. So has one that hangs up with words of refusal.
///
/// The login is done when the last line is a prompt that says so (as the target's configuration
/// names it, or one that ends like a shell's), or, where none is named, when the target has shown
/// something else and been silent for a while. Only then is anything of it shown to the person,
/// with the password hidden where the target echoed it.
final class TelnetLogin {
  private static final int LONGEST_WAIT_MILLIS = 250;

  private final TelnetTerminal terminal;
  private final OpenSession session;
  private final Account account;
  private final byte[] password;
  private final TelnetLimits limits;
  private final Charset encoding;
  private final LoginScreen screen;
  private boolean nameSent;
  private boolean passwordSent;
  private boolean keySent;
  private long quietSince = System.nanoTime();

  /// @param password as the target writes text
  TelnetLogin(TelnetTerminal terminal, OpenSession session, byte[] password, TelnetLimits limits) {
    this.terminal = terminal;
    this.session = session;
    this.account = session.grant().account();
    this.password = password;
    this.limits = limits;
    this.encoding = session.grant().target().encoding().charset();
    this.screen = new LoginScreen(session.grant().target().prompts(), encoding);
  }

  /// Logs in; the terminal then begins with what the target showed.
  void run() throws IOException, TerminalDialException, InterruptedException {
    long end = System.nanoTime() + limits.targetLoginTimeout().toNanos();
    while (!isDone()) {
      if (System.nanoTime() - end >= 0) {
        throw hasSaidNo() ? refused("it says so") : timedOut();
      }
      if (readSome()) {
        answer();
      }
      if (Thread.interrupted()) {
        throw new InterruptedException("the login was given up");
      }
    }
    terminal.beginWith(screen.withoutSecret(password));
  }

  private TerminalDialException timedOut() {
    return TelnetUpstream.timedOut(session, limits.targetLoginTimeout());
  }

  private boolean hasSaidNo() {
    return passwordSent && screen.refused();
  }

  /// Reads what came by now, all of it, so that a line is looked at when it is whole.
  ///
  /// @return whether anything came
  private boolean readSome() throws IOException, TerminalDialException {
    byte[] shown;
    try {
      shown = terminal.readWithin(LONGEST_WAIT_MILLIS);
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      if (hasSaidNo()) {
        throw refused("it says so, and " + e);
      }
      throw e;
    }
    if (shown == null) {
      if (hasSaidNo()) {
        throw refused("it says so, and closed");
      }
      throw new EOFException("closed during the login");
    }
    return took(shown);
  }

  private boolean took(byte[] shown) throws IOException {
    if (shown.length == 0) {
      return false;
    }
    screen.shown(shown);
    quietSince = System.nanoTime();
    if (screen.bytes() > limits.bytesOfTargetLogin()) {
      throw new IOException("it shows more than a login does");
    }
    return true;
  }

  private void answer() throws IOException, TerminalDialException {
    LoginScreen.Asks asks = screen.asks();
    if (passwordSent && asks != LoginScreen.Asks.KEY) {
      return; // the verdict tells
    }
    switch (asks) {
      case NAME -> {
        if (nameSent) {
          throw refused("it asks for the name again");
        }
        nameSent = true;
        send(account.login().getBytes(encoding));
      }
      case PASSWORD -> {
        passwordSent = true;
        screen.answeredWithSecret();
        send(password);
      }
      case KEY -> {
        if (!keySent) {
          keySent = true;
          send(new byte[0]);
        }
      }
      case NOTHING -> {}
    }
  }

  private void send(byte[] line) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(line.length + 1);
    out.writeBytes(line);
    out.write('\r');
    byte[] keys = out.toByteArray();
    screen.answered();
    terminal.write(keys, 0, keys.length);
    java.util.Arrays.fill(keys, (byte) 0);
  }

  private boolean isDone() throws TerminalDialException {
    if (!passwordSent) {
      // A target that lets in without a password.
      return nameSent && screen.readyIsNamed() && screen.ready();
    }
    Duration quiet = Duration.ofNanos(System.nanoTime() - quietSince);
    return switch (screen.verdict(quiet, limits.settle(), new String(password, encoding))) {
      case LET_IN -> true;
      case REFUSED -> throw refused("it asks again, or says so");
      case OPEN -> false;
    };
  }

  private TerminalDialException refused(String cause) {
    return new TerminalDialException(
        TerminalWords.CREDENTIAL_REFUSED.with(
            account.name(), session.grant().target().name(), session.id()),
        EndReason.of(EndReason.Code.CREDENTIAL_REFUSED, cause));
  }
}

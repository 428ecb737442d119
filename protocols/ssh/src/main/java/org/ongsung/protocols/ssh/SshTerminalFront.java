package org.ongsung.protocols.ssh;

import java.io.IOException;
import java.util.Locale;
import org.ongsung.gateway.OpenSession;
import org.ongsung.gateway.terminal.Spoken;
import org.ongsung.gateway.terminal.TerminalFront;
import org.ongsung.gateway.terminal.TerminalInput;
import org.ongsung.gateway.terminal.TerminalInputQueue;
import org.ongsung.gateway.terminal.TerminalRequest;

/// A person's channel of SSH as a terminal for targets that do not speak SSH.
///
/// Threads: what [SshLocal] has comes under the relay's lock and does not block; the rest comes
/// from the virtual threads of a terminal's relay.
final class SshTerminalFront implements SshLocal, TerminalFront {
  private final SshRelay relay;
  private final SshChannel channel;
  private final TerminalInputQueue typed;

  SshTerminalFront(SshRelay relay, SshChannel channel) {
    this.relay = relay;
    this.channel = channel;
    this.typed = new TerminalInputQueue(() -> relay.takeMore(channel));
  }

  /// The terminal that the person asked for. Under the relay's lock.
  static TerminalRequest request(SshChannel channel) {
    OpenSession.Terminal asked = channel.terminal;
    return asked == null
        ? new TerminalRequest("", 0, 0, channel.environment)
        : new TerminalRequest(asked.type(), asked.columns(), asked.rows(), channel.environment);
  }

  @Override
  public void typed(byte[] bytes) {
    typed.add(new TerminalInput.Typed(bytes));
  }

  @Override
  public boolean takesMore() {
    return typed.hasRoom();
  }

  @Override
  public void resized() {
    OpenSession.Terminal size = channel.terminal;
    if (size != null) {
      typed.add(new TerminalInput.Resized(size.columns(), size.rows()));
    }
  }

  @Override
  public void signalled(TerminalInput.Signalled signal) {
    typed.add(signal);
  }

  @Override
  public void closed() {
    typed.hangUp();
  }

  @Override
  public TerminalInput next() throws InterruptedException {
    return typed.next();
  }

  @Override
  public void awaitLeft() throws InterruptedException {
    typed.awaitLeft();
  }

  @Override
  public void show(byte[] bytes, int offset, int length) throws IOException {
    try {
      relay.show(channel, bytes, offset, length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void tell(Spoken line) {
    relay.say(channel, SshErrors.NOTICE.with(new SshText.Spoken(line::in)));
  }

  @Override
  public Locale language() {
    return relay.language(channel);
  }

  @Override
  public void hangUp() {
    typed.hangUp();
    relay.hangUp(channel);
  }
}

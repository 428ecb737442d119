package org.ongsung.gateway;

import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.AuditCode;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.EndReason;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;
import org.ongsung.policy.TargetGrant;
import org.ongsung.recording.ChannelRecorder;

/// A session whose start is durable; the protocol carries it and the gateway watches over it.
public interface OpenSession {
  SessionId id();

  TargetGrant grant();

  ClientConnection client();

  /// Opens the record of a channel, durable before it returns. Blocks.
  ///
  /// @param terminal the terminal of a shell or exec with a pty, else null
  /// @throws org.ongsung.recording.RecordUnavailableException when there is no record; the channel
  ///   must be refused
  ChannelRecorder openChannel(ChannelKind kind, String subject, @Nullable Terminal terminal);

  /// The size and type of a person's terminal.
  ///
  /// @param type the value of `TERM`, untrusted
  record Terminal(String type, int columns, int rows) {}

  /// A channel, forward or environment request that was not allowed: into the ledger, without
  /// waiting. Of very many in a row the ledger gets some, and how many more there were.
  void refused(ChannelKind kind, String subject, String reason);

  /// Anything else that belongs into the ledger with this session, without waiting; when it cannot
  /// be kept the session ends.
  void event(AuditCode code, String subject, Map<String, String> details);

  /// The person did something: resets the idle clock. Cheap; any thread.
  void touch();

  /// Calls `listener` once, on a virtual thread, when the gateway ends the session: an
  /// administrator, a limit, a revoked grant, a record that cannot be written, a drain. The
  /// protocol then tells the person, closes both sides within two seconds and calls [#end]. At once
  /// if that has already happened.
  void onEnd(Consumer<EndNotice> listener);

  /// Calls `listener`, on a virtual thread, with each line that the person should read while the
  /// session goes on, for example that the gateway will stop soon. Where there is no way to show it
  /// the line is lost.
  void onNotice(Consumer<Notice> listener);

  /// Says that both sides are closed. Ends what channels are still open, then writes the end. The
  /// first call counts; after an [EndNotice] its state and reason stand. Does not block.
  ///
  /// @param state `ENDED` or `FAILED` (the target could not be reached)
  void end(SessionState state, EndReason reason);
}

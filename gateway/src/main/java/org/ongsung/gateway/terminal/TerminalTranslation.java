package org.ongsung.gateway.terminal;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Target;
import org.ongsung.model.TextEncoding;
import org.ongsung.wire.text.Recoding;

/// What passes between a person's terminal, which has UTF-8, and that of a target of another
/// encoding. The record is given what each of them sent, and reads the target's by itself.
///
/// What the target shows grows to three times its bytes at most (a byte that is no text); what the
/// person types never grows. Either direction for one thread at a time.
public final class TerminalTranslation {
  private final Recoding shown;
  private final Recoding typed;

  private TerminalTranslation(Charset encoding) {
    this.shown = new Recoding(encoding, StandardCharsets.UTF_8);
    this.typed = new Recoding(StandardCharsets.UTF_8, encoding);
  }

  /// For one terminal of the target; none where it needs none.
  public static @Nullable TerminalTranslation of(Target target) {
    return target.encoding() == TextEncoding.UTF_8
        ? null
        : new TerminalTranslation(target.encoding().charset());
  }

  /// What to show of what the target showed; perhaps nothing yet.
  public byte[] shown(byte[] bytes, int offset, int length) {
    return shown.recode(bytes, offset, length);
  }

  /// What to show of a character that the target did not finish; nothing more comes of it.
  public byte[] shownLast() {
    return shown.finish();
  }

  /// What to send of what the person typed; perhaps nothing yet.
  public byte[] typed(byte[] bytes, int offset, int length) {
    return typed.recode(bytes, offset, length);
  }
}

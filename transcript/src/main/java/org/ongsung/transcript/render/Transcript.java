package org.ongsung.transcript.render;

import java.io.IOException;

/// Makes lines of one channel's recording as it is read. One thread at a time.
public sealed interface Transcript permits TerminalTranscript, CommandTranscript {
  /// Takes whole lines of the recording.
  ///
  /// @throws IOException when it is no recording of the kind; what was made so far stays
  void take(byte[] bytes, int offset, int length) throws IOException;

  /// Says that the recording has not grown until `micros` of its time.
  void quiet(long micros);

  /// Nothing more comes.
  void finish();
}

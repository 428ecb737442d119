package org.ongsung.fastcgi.wire;

import java.nio.ByteBuffer;

/// What one step of the [RecordParser] found.
public sealed interface Parsed {
  /// All input is used; more is needed.
  record NeedInput() implements Parsed {
    static final NeedInput INSTANCE = new NeedInput();
  }

  /// A piece of a record's content, as it came. A record without content gives one empty piece.
  ///
  /// @param header the record it belongs to
  /// @param content a view of the input: use or copy it before the input's buffer is used again
  /// @param last whether the record's content ends here
  record Fragment(RecordHeader header, ByteBuffer content, boolean last) implements Parsed {}

  /// This is not FastCGI; nothing more can be read from this peer.
  ///
  /// @param reason for a log
  record Malformed(String reason) implements Parsed {}
}

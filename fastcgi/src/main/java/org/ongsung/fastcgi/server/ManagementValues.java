package org.ongsung.fastcgi.server;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.ongsung.fastcgi.wire.NameValue;
import org.ongsung.fastcgi.wire.NameValues;
import org.ongsung.fastcgi.wire.RecordHeader;
import org.ongsung.fastcgi.wire.RecordType;
import org.ongsung.fastcgi.wire.Records;

/// What a front server may ask of an application with `FCGI_GET_VALUES` (section 4.1).
final class ManagementValues {
  private static final int MOST_NAMES = 64;

  private ManagementValues() {}

  /// The answer to the names in `asked`; a name that is not known is left out.
  static ByteBuffer answer(byte[] asked, int connections) {
    List<NameValue> known = new ArrayList<>();
    if (NameValues.decode(ByteBuffer.wrap(asked), MOST_NAMES)
        instanceof NameValues.Decoded decoded) {
      for (NameValue pair : decoded.pairs()) {
        switch (pair.name()) {
          // One request a connection: as many requests as connections.
          case "FCGI_MAX_CONNS", "FCGI_MAX_REQS" ->
              known.add(new NameValue(pair.name(), Integer.toString(connections)));
          case "FCGI_MPXS_CONNS" -> known.add(new NameValue(pair.name(), "0"));
          default -> {
            // not known
          }
        }
      }
    }
    return Records.record(
        RecordType.GET_VALUES_RESULT, RecordHeader.MANAGEMENT, NameValues.encode(known));
  }
}

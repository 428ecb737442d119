package org.ongsung.fastcgi.wire;

import org.jspecify.annotations.Nullable;

/// What a record is for (section 8, "Types and Constants"). On the wire it is one byte, which may
/// hold values that nobody has defined: [#of] gives null for those.
public enum RecordType {
  BEGIN_REQUEST(1),
  ABORT_REQUEST(2),
  END_REQUEST(3),
  PARAMS(4),
  STDIN(5),
  STDOUT(6),
  STDERR(7),
  DATA(8),
  GET_VALUES(9),
  GET_VALUES_RESULT(10),
  UNKNOWN_TYPE(11);

  private static final @Nullable RecordType[] BY_CODE = new @Nullable RecordType[256];

  static {
    for (RecordType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;

  RecordType(int code) {
    this.code = code;
  }

  /// The byte on the wire.
  public int code() {
    return code;
  }

  /// The type of that byte, or null when the specification knows none.
  ///
  /// @param code 0 to 255
  public static @Nullable RecordType of(int code) {
    return BY_CODE[code];
  }
}

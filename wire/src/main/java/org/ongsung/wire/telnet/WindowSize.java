package org.ongsung.wire.telnet;

/// The content of a window size subnegotiation (RFC 1073): columns and rows, two bytes each in
/// network order; 0 says nothing.
public record WindowSize(int columns, int rows) {
  private static final int BYTES = 4;
  private static final int MOST = 0xffff;

  /// Reads the content.
  ///
  /// @throws TelnetProtocolException when it is not four bytes
  public static WindowSize of(byte[] content) throws TelnetProtocolException {
    if (content.length != BYTES) {
      throw new TelnetProtocolException("a window size of " + content.length + " bytes");
    }
    return new WindowSize(
        (content[0] & 0xff) << 8 | (content[1] & 0xff),
        (content[2] & 0xff) << 8 | (content[3] & 0xff));
  }

  /// The content.
  public byte[] content() {
    int wide = Math.clamp(columns, 0, MOST);
    int high = Math.clamp(rows, 0, MOST);
    return new byte[] {(byte) (wide >> 8), (byte) wide, (byte) (high >> 8), (byte) high};
  }
}

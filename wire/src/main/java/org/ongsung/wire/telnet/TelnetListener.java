package org.ongsung.wire.telnet;

/// Told what a [TelnetDecoder] reads, in order.
public interface TelnetListener {
  /// Data, with its escapes resolved. The array is the decoder's own: valid during the call.
  void data(byte[] bytes, int offset, int length);

  /// A command without more, such as [Telnet#IP]. Unknown ones come too.
  void command(int command);

  /// WILL, WONT, DO or DONT of an option.
  ///
  /// @param verb [Telnet#WILL] to [Telnet#DONT]
  /// @param option 0 to 255
  void negotiation(int verb, int option);

  /// A subnegotiation, with its escapes resolved.
  void subnegotiation(int option, byte[] content);
}

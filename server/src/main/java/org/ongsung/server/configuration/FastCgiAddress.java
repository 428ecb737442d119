package org.ongsung.server.configuration;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Where front servers connect by FastCGI.
public sealed interface FastCgiAddress {
  /// By TCP.
  record Tcp(ListenAddress address) implements FastCgiAddress {
    @Override
    public SocketAddress resolve() throws UnknownHostException {
      return address.resolve();
    }

    @Override
    public String toString() {
      return address.toString();
    }
  }

  /// On a Unix-domain socket.
  ///
  /// @param file absolute; its folder must be there
  record Unix(Path file) implements FastCgiAddress {
    private static final int LONGEST_PATH_BYTES = 107;

    public Unix {
      int length = file.toString().getBytes(StandardCharsets.UTF_8).length;
      if (!file.isAbsolute() || length > LONGEST_PATH_BYTES) {
        throw new IllegalArgumentException(
            "after unix: stands an absolute path of at most " + LONGEST_PATH_BYTES + " bytes");
      }
    }

    @Override
    public SocketAddress resolve() {
      return UnixDomainSocketAddress.of(file);
    }

    @Override
    public String toString() {
      return "unix:" + file;
    }
  }

  /// The address to bind to; may ask the resolver.
  SocketAddress resolve() throws UnknownHostException;

  /// Reads `unix:/path` or what [ListenAddress#parse] reads.
  static FastCgiAddress parse(String text) {
    return text.startsWith("unix:")
        ? new Unix(Path.of(text.substring("unix:".length())))
        : new Tcp(ListenAddress.parse(text));
  }
}

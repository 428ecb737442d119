package org.ongsung.server.doctor;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.ongsung.cli.words.Phrase;
import org.ongsung.server.configuration.FastCgiAddress;
import org.ongsung.server.configuration.ListenAddress;

/// Looks at the listener for front servers: whether it answers, or could be opened.
final class FastCgiLook {
  private static final String ABOUT = "fastcgi";
  private static final String KEY = "listen.fastcgi";

  /// `FCGI_GET_VALUES` (FastCGI 1.0 section 4.1) without a name: version, type, request 0, nothing.
  private static final byte[] QUESTION = {1, 9, 0, 0, 0, 0, 0, 0};

  /// The beginning of `FCGI_GET_VALUES_RESULT`: version and type.
  private static final int ANSWER = 1 << 8 | 10;

  private final boolean peersConfigured;
  private final Duration timeout;

  /// @param peersConfigured whether `http.trustedProxies` says who may connect, so that this
  ///   machine may not
  FastCgiLook(boolean peersConfigured, Duration timeout) {
    this.peersConfigured = peersConfigured;
    this.timeout = timeout;
  }

  /// What is found at `address`.
  ///
  /// @param running whether a gateway runs, and so should answer
  Finding at(FastCgiAddress address, boolean running) {
    if (address instanceof FastCgiAddress.Tcp tcp && tcp.address().port() == 0) {
      return Finding.ok(ABOUT, Phrase.of("doctor.any-port"));
    }
    if (running) {
      return answers(address);
    }
    return switch (address) {
      case FastCgiAddress.Tcp tcp -> isFree(tcp.address());
      case FastCgiAddress.Unix socket -> isFree(socket);
    };
  }

  private static Finding isFree(ListenAddress listen) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(listen.resolve());
      return Finding.ok(ABOUT, Phrase.of("doctor.free", listen));
    } catch (IOException e) {
      return Finding.problem(
          ABOUT,
          Phrase.of("doctor.cannot-listen", listen, String.valueOf(e.getMessage())),
          Phrase.of("doctor.cannot-listen.advice", KEY));
    }
  }

  private static Finding isFree(FastCgiAddress.Unix socket) {
    Path folder = socket.file().getParent();
    if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
      return Finding.problem(
          ABOUT,
          Phrase.of("doctor.socket-folder", socket.file()),
          Phrase.of("doctor.socket-folder.advice", KEY));
    }
    try (SocketChannel _ = SocketChannel.open(socket.resolve())) {
      return Finding.problem(
          ABOUT,
          Phrase.of("doctor.socket-taken", socket),
          Phrase.of("doctor.socket-taken.advice", KEY));
    } catch (IOException e) {
      return Finding.ok(ABOUT, Phrase.of("doctor.free", socket));
    }
  }

  private Finding answers(FastCgiAddress address) {
    try {
      ask(address);
      return Finding.ok(ABOUT, Phrase.of("doctor.answers", address));
    } catch (EOFException e) {
      return peersConfigured
          ? Finding.ok(ABOUT, Phrase.of("doctor.peers", address))
          : silent(address, e);
    } catch (IOException e) {
      return silent(address, e);
    }
  }

  private static Finding silent(FastCgiAddress address, IOException e) {
    return Finding.problem(
        ABOUT,
        Phrase.of("doctor.silent", address, String.valueOf(e.getMessage())),
        Phrase.of("doctor.silent.advice"));
  }

  private void ask(FastCgiAddress address) throws IOException {
    try (SocketChannel channel =
            switch (address) {
              case FastCgiAddress.Unix unix ->
                  SocketChannel.open(UnixDomainSocketAddress.of(unix.file()));
              case FastCgiAddress.Tcp tcp -> SocketChannel.open(reached(tcp.address()));
            };
        Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      channel.write(ByteBuffer.wrap(QUESTION));
      channel.register(selector, SelectionKey.OP_READ);
      ByteBuffer first = ByteBuffer.allocate(2);
      while (first.hasRemaining()) {
        if (selector.select(timeout.toMillis()) == 0) {
          throw new SocketTimeoutException("no answer in time");
        }
        selector.selectedKeys().clear();
        if (channel.read(first) < 0) {
          throw new EOFException("it closed the connection");
        }
      }
      if (first.getShort(0) != ANSWER) {
        throw new IOException("something else answers there");
      }
    }
  }

  private static InetSocketAddress reached(ListenAddress listen) {
    return new InetSocketAddress(listen.isAny() ? "127.0.0.1" : listen.host(), listen.port());
  }
}

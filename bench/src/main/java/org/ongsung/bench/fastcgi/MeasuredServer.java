package org.ongsung.bench.fastcgi;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.ongsung.fastcgi.FastCgiLimits;
import org.ongsung.fastcgi.server.FastCgiConnectionFactory;
import org.ongsung.fastcgi.server.FastCgiConnector;
import org.ongsung.fastcgi.server.PeerAddresses;

/// One server with one handler on virtual threads, reached by HTTP and FastCGI: 1 KiB of text for
/// every request.
final class MeasuredServer implements AutoCloseable {
  private static final int PAGE_BYTES = 1_024;

  private final Server server;
  private final ServerConnector http;
  private final FastCgiConnector tcp;
  private final FastCgiConnector unix;

  MeasuredServer(Path folder) throws Exception {
    QueuedThreadPool threads = new QueuedThreadPool(8, 2);
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server = new Server(threads);
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    http = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration()));
    http.setHost(free.getHostString());
    tcp = FastCgiConnector.tcp(server, free, PeerAddresses.loopback(), fastCgi());
    unix =
        FastCgiConnector.unix(
            server,
            folder.resolve("server.sock"),
            PosixFilePermissions.fromString("rw-------"),
            fastCgi());
    server.addConnector(http);
    server.addConnector(tcp);
    server.addConnector(unix);
    server.setHandler(new Page());
    server.start();
  }

  private static HttpConfiguration configuration() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    return configuration;
  }

  private static FastCgiConnectionFactory fastCgi() {
    return new FastCgiConnectionFactory(configuration(), FastCgiLimits.standard());
  }

  /// The `upstream` servers of an nginx in front, by what they are called in the table.
  String http() {
    return "127.0.0.1:" + http.getLocalPort();
  }

  String fastCgiTcp() {
    return "127.0.0.1:" + ((InetSocketAddress) tcp.localAddress()).getPort();
  }

  String fastCgiUnix() {
    return "unix:" + ((UnixDomainSocketAddress) unix.localAddress()).getPath();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server did not stop", e);
    }
  }

  private static final class Page extends Handler.Abstract {
    private static final byte[] TEXT = "x".repeat(PAGE_BYTES).getBytes(StandardCharsets.US_ASCII);

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
      response.write(true, ByteBuffer.wrap(TEXT), callback);
      return true;
    }
  }
}

package org.ongsung.fastcgi.front;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.ongsung.fastcgi.FastCgiLimits;
import org.ongsung.fastcgi.server.FastCgiConnectionFactory;
import org.ongsung.fastcgi.server.FastCgiConnector;
import org.ongsung.fastcgi.server.FastCgiParameters;
import org.ongsung.fastcgi.server.PeerAddresses;
import org.ongsung.testkit.Folders;

/// An application behind FastCGI, by TCP and on a Unix-domain socket at once, whose pages show what
/// arrived and do what is hard to pass on. Blocking handlers on virtual threads.
public final class Application implements AutoCloseable {
  private final Path folder = Folders.temporary("ongsung-fcgi");
  private final Server server;
  private final FastCgiConnector tcp;
  private final FastCgiConnector unix;

  /// Counted down when a `/hang?id=` has learnt that nobody waits for it any more.
  public final Map<String, CountDownLatch> hungUp = new ConcurrentHashMap<>();

  /// Ids of `/hang` and `/sse` that have begun.
  public final Queue<String> begun = new ConcurrentLinkedQueue<>();

  /// How much an `/endless?id=` has written, and which of them have ended.
  public final Map<String, LongAdder> written = new ConcurrentHashMap<>();

  public final Queue<String> ended = new ConcurrentLinkedQueue<>();

  /// What handlers threw.
  public final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  public Application() {
    this(FastCgiLimits.standard());
  }

  public Application(FastCgiLimits limits) {
    this(limits, PeerAddresses.loopback());
  }

  public Application(FastCgiLimits limits, PeerAddresses peers) {
    QueuedThreadPool threads = new QueuedThreadPool(8, 2);
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setUriCompliance(UriCompliance.RFC3986);
    http.setSendServerVersion(false);
    tcp =
        FastCgiConnector.tcp(
            server,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            peers,
            new FastCgiConnectionFactory(http, limits));
    unix =
        FastCgiConnector.unix(
            server,
            folder.resolve("app.sock"),
            PosixFilePermissions.fromString("rw-rw----"),
            new FastCgiConnectionFactory(http, limits));
    server.addConnector(tcp);
    server.addConnector(unix);
    server.setHandler(new Pages());
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  public InetSocketAddress tcp() {
    return (InetSocketAddress) tcp.localAddress();
  }

  public Path socket() {
    return ((UnixDomainSocketAddress) unix.localAddress()).getPath();
  }

  public SocketAddress unix() {
    return unix.localAddress();
  }

  /// How many front servers' connections are open.
  public int connections() {
    return tcp.getConnectedEndPoints().size() + unix.getConnectedEndPoints().size();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      Folders.delete(folder);
    }
  }

  private final class Pages extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      try {
        String path = Request.getPathInContext(request);
        String page = path.substring(path.lastIndexOf('/') + 1);
        switch (page) {
          case "digest" -> digest(request, response, callback);
          case "bytes" -> bytes(request, response, callback);
          case "status" -> {
            response.setStatus(Integer.parseInt(parameter(request, "code")));
            callback.succeeded();
          }
          case "redirect" -> Response.sendRedirect(request, response, callback, "/%EB%82%98?x=1");
          case "cookies" -> {
            Response.addCookie(response, HttpCookie.from("a", "1"));
            Response.addCookie(response, HttpCookie.from("b", "2"));
            text(response, callback, String.valueOf(request.getHeaders().get(HttpHeader.COOKIE)));
          }
          case "headers" -> headers(request, response, callback);
          case "split" -> {
            response.getHeaders().put("X-Split", "a\r\nX-Injected: 1\nX-Too: 2\0b");
            text(response, callback, "split");
          }
          case "sse" -> sse(request, response, callback);
          case "hang" -> hang(request, response, callback);
          case "unread" -> text(response, callback, "not read");
          case "cut" -> {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
            if (parameter(request, "length") != null) {
              response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 200_000);
            }
            OutputStream out = Content.Sink.asOutputStream(response);
            out.write(new byte[100_000]);
            out.flush();
            throw new IllegalStateException("cut on purpose");
          }
          case "large-header" -> {
            response
                .getHeaders()
                .put("X-Large", "x".repeat(Integer.parseInt(parameter(request, "n"))));
            text(response, callback, "large");
          }
          case "endless" -> endless(request, response);
          case "fail" -> throw new IllegalStateException("failed on purpose");
          default -> text(response, callback, seen(request));
        }
        return true;
      } catch (Throwable e) {
        failures.add(e);
        throw e;
      }
    }

    private void digest(Request request, Response response, Callback callback) throws Exception {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      long length = 0;
      byte[] buffer = new byte[8192];
      try (InputStream in = Content.Source.asInputStream(request)) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          digest.update(buffer, 0, n);
          length += n;
        }
      }
      text(
          response,
          callback,
          request.getLength() + " " + length + " " + HexFormat.of().formatHex(digest.digest()));
    }

    private void bytes(Request request, Response response, Callback callback) throws Exception {
      long left = Long.parseLong(parameter(request, "n"));
      if (parameter(request, "length") != null) {
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, left);
      }
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/octet-stream");
      byte[] block = new byte[100_000];
      try (OutputStream out = Content.Sink.asOutputStream(response)) {
        for (long at = 0; left > 0; ) {
          int length = (int) Math.min(block.length, left);
          for (int i = 0; i < length; i++) {
            block[i] = (byte) (at + i);
          }
          out.write(block, 0, length);
          left -= length;
          at += length;
        }
      }
      callback.succeeded();
    }

    private void headers(Request request, Response response, Callback callback) {
      StringBuilder got = new StringBuilder();
      for (HttpField field : request.getHeaders()) {
        if (field.getLowerCaseName().startsWith("x-many-")) {
          got.append(field.getLowerCaseName()).append('=').append(field.getValue()).append('\n');
        }
      }
      for (int i = 0; i < 12; i++) {
        response
            .getHeaders()
            .put("X-Many-" + i, Integer.toString(i).repeat(1_000).substring(0, 1_000));
      }
      text(response, callback, got.toString());
    }

    /// Three events, each only after the one before was seen to be asked for by `/hang`'s begun.
    private void sse(Request request, Response response, Callback callback) throws Exception {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
      response.getHeaders().put("X-Accel-Buffering", "no");
      OutputStream out = Content.Sink.asOutputStream(response);
      CountDownLatch go =
          hungUp.computeIfAbsent(parameter(request, "id"), _ -> new CountDownLatch(1));
      out.write("data: 하나\n\n".getBytes(StandardCharsets.UTF_8));
      out.flush();
      go.await();
      out.write("data: 둘\n\n".getBytes(StandardCharsets.UTF_8));
      out.close();
      callback.succeeded();
    }

    private void hang(Request request, Response response, Callback callback) throws Exception {
      String id = parameter(request, "id");
      CountDownLatch latch = hungUp.computeIfAbsent(id, _ -> new CountDownLatch(1));
      request.addFailureListener(_ -> latch.countDown());
      if (parameter(request, "first") != null) {
        response.write(false, BufferUtil.toBuffer("first"), Callback.NOOP);
      }
      begun.add(id);
      if (parameter(request, "beat") != null) {
        beatUntilNobodyListens(response, latch);
      }
      latch.await();
      callback.failed(new java.io.EOFException("nobody waits"));
    }

    private void endless(Request request, Response response) throws java.io.IOException {
      String id = parameter(request, "id");
      LongAdder count = written.computeIfAbsent(id, _ -> new LongAdder());
      OutputStream out = Content.Sink.asOutputStream(response);
      byte[] block = new byte[10_000];
      try {
        while (true) {
          out.write(block);
          count.add(block.length);
        }
      } finally {
        ended.add(id);
      }
    }

    private void beatUntilNobodyListens(Response response, CountDownLatch latch)
        throws InterruptedException {
      OutputStream out = Content.Sink.asOutputStream(response);
      while (latch.getCount() > 0) {
        try {
          out.write(new byte[100]);
          out.flush();
        } catch (java.io.IOException e) {
          latch.countDown();
        }
        Thread.sleep(20);
      }
    }

    private String seen(Request request) {
      StringBuilder out = new StringBuilder();
      line(out, "method", request.getMethod());
      line(out, "uri", request.getHttpURI().asString());
      line(out, "path", Request.getPathInContext(request));
      line(out, "decoded", String.valueOf(request.getHttpURI().getDecodedPath()));
      line(out, "query", String.valueOf(request.getHttpURI().getQuery()));
      line(out, "secure", String.valueOf(request.isSecure()));
      line(out, "client", Request.getRemoteAddr(request));
      line(out, "server", Request.getServerName(request) + " " + Request.getServerPort(request));
      line(out, "connection", request.getConnectionMetaData().getId());
      line(out, "virtual", String.valueOf(Thread.currentThread().isVirtual()));
      for (HttpField field : request.getHeaders()) {
        line(out, "header " + field.getLowerCaseName(), field.getValue());
      }
      FastCgiParameters.of(request).forEach((name, value) -> line(out, "parameter " + name, value));
      return out.toString();
    }

    private static void line(StringBuilder out, String name, String value) {
      out.append(name).append(": ").append(value).append('\n');
    }

    private static String parameter(Request request, String name) {
      return Request.extractQueryParameters(request).getValue(name);
    }

    private static void text(Response response, Callback callback, String text) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
      response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
    }
  }
}

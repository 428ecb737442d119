package org.ongsung.protocols.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.BufferException;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.files.FileLateException;
import org.ongsung.gateway.files.FileLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Requests and answers of SFTP version 3 (draft-ietf-secsh-filexfer-02) with the gateway as the
/// client: many requests on their way at once, each answered to whoever made it.
///
/// Threads: any may ask; one of its own reads.
final class SshSftp implements AutoCloseable {
  static final int INIT = 1;
  static final int VERSION = 2;

  private static final Logger LOG = LoggerFactory.getLogger(SshSftp.class);
  private static final int VERSION_3 = 3;
  private static final int MAX_PACKET_BYTES = 256 << 10;
  private static final int BUFFER_BYTES = 32_768;
  private static final int MAX_EXTENSIONS = 100;

  private final SshTerminal channel;
  private final SshFileTap tap;
  private final FileLimits limits;
  private final InputStream in = new Recorded();
  private final ReentrantLock writing = new ReentrantLock();
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<Answer>> waiting = new ConcurrentHashMap<>();
  private final CompletableFuture<Answer> greeting = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private volatile Set<String> offered = Set.of();

  /// What the target answered.
  ///
  /// @param body what stands after the request's number
  record Answer(int type, Buffer body) {}

  SshSftp(SshTerminal channel, SshFileTap tap, FileLimits limits) {
    this.channel = channel;
    this.tap = tap;
    this.limits = limits;
  }

  /// Agrees on version 3.
  void start() throws IOException {
    Buffer hello = new ByteArrayBuffer(16);
    hello.putInt(5);
    hello.putByte((byte) INIT);
    hello.putInt(VERSION_3);
    send(hello.getCompactData());
    Thread.ofVirtual().name("sftp-answers").start(this::readAll);
    Answer version = await(greeting);
    if (version.type() != VERSION || version.body().getInt() != VERSION_3) {
      throw new IOException("the target does not speak SFTP version 3");
    }
    offered = extensions(version.body());
  }

  /// What stands after the version: names, each with what it says of itself.
  private static Set<String> extensions(Buffer in) {
    Set<String> names = new HashSet<>();
    while (in.available() > 0 && names.size() < MAX_EXTENSIONS) {
      names.add(in.getString());
      in.getBytes();
    }
    return Set.copyOf(names);
  }

  /// Whether the target said that it has an extension.
  boolean offers(String extension) {
    return offered.contains(extension);
  }

  /// Sends a request.
  CompletableFuture<Answer> ask(int type, Consumer<Buffer> fill) throws IOException {
    int id = ids.incrementAndGet();
    Buffer packet = new ByteArrayBuffer(256);
    packet.putInt(0);
    packet.putByte((byte) type);
    packet.putInt(id);
    fill.accept(packet);
    byte[] bytes = packet.getCompactData();
    new ByteArrayBuffer(bytes, 0, 0, false).putInt(bytes.length - 4L);
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    if (closed.isDone()) {
      throw new IOException("the connection to the target was lost");
    }
    send(bytes);
    return answer;
  }

  /// Waits for the answer to a request.
  Answer await(CompletableFuture<Answer> asked) throws IOException {
    try {
      return asked.get(limits.answer().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException("the connection to the target was lost", e.getCause());
    } catch (TimeoutException _) {
      close();
      throw new FileLateException();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void send(byte[] bytes) throws IOException {
    writing.lock();
    try {
      tap.fromClient(bytes, 0, bytes.length);
      channel.write(bytes, 0, bytes.length, limits.answer());
    } catch (IOException e) {
      close();
      throw e;
    } finally {
      writing.unlock();
    }
  }

  private void readAll() {
    try {
      Buffer first = packet();
      if (first != null) {
        int type = first.getUByte();
        greeting.complete(new Answer(type, first));
      }
      for (Buffer packet = packet(); packet != null; packet = packet()) {
        int type = packet.getUByte();
        CompletableFuture<Answer> asked = waiting.remove(packet.getInt());
        if (asked == null) {
          throw new IOException("an answer to nothing that was asked");
        }
        asked.complete(new Answer(type, packet));
      }
    } catch (IOException | BufferException e) {
      LOG.debug("an SFTP channel ended: {}", e.toString());
    } finally {
      close();
    }
  }

  private @Nullable Buffer packet() throws IOException {
    byte[] head = in.readNBytes(4);
    if (head.length < 4) {
      return null;
    }
    long length = new ByteArrayBuffer(head).getUInt();
    if (length < 5 || length > MAX_PACKET_BYTES + 1_024) {
      throw new IOException("an SFTP packet of " + length + " bytes");
    }
    byte[] packet = in.readNBytes((int) length);
    return packet.length < length ? null : new ByteArrayBuffer(packet);
  }

  void onClosed(Runnable listener) {
    var _ = closed.thenRunAsync(listener, Thread::startVirtualThread);
  }

  @Override
  public void close() {
    if (!closed.complete(null)) {
      return;
    }
    channel.close();
    tap.close();
    IOException why = new IOException("closed");
    greeting.completeExceptionally(why);
    waiting.values().forEach(asked -> asked.completeExceptionally(why));
    waiting.clear(); // whoever asks from now on looks whether it is closed
  }

  /// What the target sends, after the record has it.
  private final class Recorded extends InputStream {
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;

    @Override
    public int read() throws IOException {
      return fill() ? buffer[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int taken = Math.min(length, end - at);
      System.arraycopy(buffer, at, into, offset, taken);
      at += taken;
      return taken;
    }

    private boolean fill() throws IOException {
      if (at < end) {
        return true;
      }
      int read = channel.read(buffer);
      if (read < 0) {
        return false;
      }
      tap.fromTarget(buffer, 0, read);
      at = 0;
      end = read;
      return true;
    }
  }
}

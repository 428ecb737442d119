package org.ongsung.gateway.via;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Objects;

/// A passage in the shape of a connected socket, as far as protocols that block use one.
final class PassageSocket extends Socket {
  private final Passage passage;
  private volatile int timeoutMillis;
  private volatile boolean closed;

  PassageSocket(Passage passage) {
    this.passage = passage;
  }

  @Override
  public InputStream getInputStream() {
    return new In();
  }

  @Override
  public OutputStream getOutputStream() {
    return new Out();
  }

  @Override
  public void setSoTimeout(int timeout) {
    timeoutMillis = timeout;
  }

  @Override
  public int getSoTimeout() {
    return timeoutMillis;
  }

  @Override
  public void shutdownOutput() {
    passage.finish();
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    passage.close();
  }

  @Override
  public String toString() {
    return passage.toString();
  }

  private final class In extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, into.length);
      return length == 0 ? 0 : passage.read(into, offset, length, timeoutMillis);
    }

    @Override
    public int available() {
      return passage.available();
    }

    @Override
    public void close() {
      PassageSocket.this.close();
    }
  }

  private final class Out extends OutputStream {
    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      passage.write(bytes, offset, length);
    }

    @Override
    public void close() {
      PassageSocket.this.close();
    }
  }
}

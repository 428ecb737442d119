package org.ongsung.protocols.telnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;

/// A socket on an event loop, before peers that read and peers that do not.
class LoopWireTest {
  private static final int MAX_ANSWERS = 256;

  private final TelnetLoop loop = new TelnetLoop(0);
  private final Heard heard = new Heard();
  private Socket peer;
  private LoopWire wire;

  @BeforeEach
  void start() throws IOException {
    loop.start();
    try (ServerSocketChannel listening = ServerSocketChannel.open()) {
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
      peer = new Socket();
      peer.setReceiveBufferSize(16_384);
      peer.connect(listening.getLocalAddress());
      SocketChannel accepted = listening.accept();
      wire = new LoopWire(loop, accepted, heard);
      wire.start(false);
    }
  }

  @AfterEach
  void stop() throws Exception {
    wire.close();
    peer.close();
    loop.stop();
    assertThat(loop.join(Deadlines.ACTION)).isTrue();
  }

  private static Supplier<byte[]> bytes(int count) {
    return () -> new byte[count];
  }

  /// Writes until nothing more goes into the socket.
  private void fillSocket() throws IOException {
    boolean room = true;
    for (int i = 0; room && i < 10_000; i++) {
      room = wire.offer(bytes(8_192));
    }
    assertThat(room).isFalse();
  }

  private byte[] readByPeer(int count) throws IOException {
    peer.setSoTimeout((int) Deadlines.ACTION.toMillis());
    return peer.getInputStream().readNBytes(count);
  }

  private boolean isOver() {
    return heard.over.getCount() == 0;
  }

  @Test
  void handsOverWhatComesAndTheEnd() throws Exception {
    peer.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
    peer.shutdownOutput();
    Deadlines.await("the end is told", this::isOver);
    assertThat(heard.bytes.toString(StandardCharsets.US_ASCII)).isEqualTo("hello");
    assertThat(heard.why).isNull();
  }

  @Test
  void readsNothingWhileHeld() throws Exception {
    onLoop(() -> wire.hold(true));
    peer.getOutputStream().write('x');
    onLoop(() -> {});
    assertThat(heard.bytes.size()).isZero();
    onLoop(() -> wire.hold(false));
    Deadlines.await("it is read", () -> heard.bytes.size() == 1);
  }

  @Test
  void tellsThatThereIsNoRoomAndWhenThereIsSomeAgain() throws Exception {
    fillSocket();
    assertThat(heard.room.getCount()).isOne();
    while (heard.room.getCount() > 0) {
      assertThat(readByPeer(1)).hasSize(1);
    }
    assertThat(wire.offer(bytes(1))).isTrue();
  }

  @Test
  void whoWritesFromElsewhereWaitsForRoomAndHearsOfTheEnd() throws Exception {
    fillSocket();
    FutureTask<Throwable> writing =
        new FutureTask<>(() -> catchThrowable(() -> wire.write(bytes(1))));
    Thread writer = Thread.ofVirtual().start(writing);
    Deadlines.await("it waits", () -> writer.getState() == Thread.State.WAITING);
    wire.close();
    assertThat(writing.get(Deadlines.ACTION.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOf(IOException.class);
    Deadlines.await("the end is told", this::isOver);
    assertThat(heard.why).isNull();
  }

  @Test
  void theLoopItselfNeverWaits() throws Exception {
    fillSocket();
    onLoop(
        () -> {
          try {
            wire.write(bytes(1));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void asManyAnswersWaitAsMayAndTheNextEndsIt() throws Exception {
    fillSocket();
    for (int i = 0; i < MAX_ANSWERS; i++) {
      wire.answer(new byte[3]);
    }
    assertThatThrownBy(() -> wire.answer(new byte[3])).hasMessageContaining("takes no answers");
    Thread.ofVirtual().start(this::readOn);
    Deadlines.await("as many may wait again", this::takesAnAnswer);
  }

  private void readOn() {
    try {
      peer.getInputStream().readAllBytes();
    } catch (IOException e) {
      // the test is over
    }
  }

  private boolean takesAnAnswer() {
    try {
      wire.answer(new byte[3]);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void theEndIsSaidAfterWhatWaits() throws Exception {
    fillSocket();
    wire.answer(new byte[] {'l', 'a', 's', 't'});
    wire.finishOutput();
    peer.setSoTimeout((int) Deadlines.SERVICE.toMillis());
    byte[] all = peer.getInputStream().readAllBytes();
    assertThat(new String(all, StandardCharsets.US_ASCII)).endsWith("last");
    assertThat(isOver()).isFalse();
  }

  @Test
  void closesOnceAllIsTaken() throws Exception {
    fillSocket();
    wire.answer(new byte[] {'l', 'a', 's', 't'});
    wire.closeWhenTaken();
    assertThat(isOver()).isFalse();
    peer.setSoTimeout((int) Deadlines.SERVICE.toMillis());
    byte[] all = peer.getInputStream().readAllBytes();
    assertThat(new String(all, StandardCharsets.US_ASCII)).endsWith("last");
    Deadlines.await("the end is told", this::isOver);
  }

  @Test
  void aPeerThatBreaksTheConnectionIsTold() throws Exception {
    peer.setSoLinger(true, 0);
    peer.close();
    Deadlines.await("the end is told", this::isOver);
    assertThat(heard.why).isInstanceOf(IOException.class);
  }

  @Test
  void aReaderThatFailsEndsItsConnectionAlone() throws Exception {
    heard.fails = true;
    peer.getOutputStream().write('x');
    Deadlines.await("the end is told", this::isOver);
    assertThat(heard.why).hasRootCauseMessage("a mistake");
    onLoop(() -> {});
  }

  private void onLoop(Runnable task) throws Exception {
    CompletableFuture<?> done = new CompletableFuture<>();
    loop.execute(
        () -> {
          task.run();
          done.complete(null);
        });
    done.get(Deadlines.ACTION.toSeconds(), TimeUnit.SECONDS);
  }

  private static final class Heard implements LoopWire.Reader {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final CountDownLatch room = new CountDownLatch(1);
    final CountDownLatch over = new CountDownLatch(1);
    volatile boolean fails;
    volatile @Nullable IOException why;

    @Override
    public void received(byte[] received, int length) {
      if (fails) {
        throw new IllegalStateException("a mistake");
      }
      bytes.write(received, 0, length);
    }

    @Override
    public void room() {
      room.countDown();
    }

    @Override
    public void over(@Nullable IOException reason) {
      why = reason;
      over.countDown();
    }
  }
}

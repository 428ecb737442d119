package org.ongsung.gateway.via;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.Name;

/// The desk where passages are asked for, and what a worker may say there.
class PassagesTest {
  private static final Name FAR = Name.of("far");
  private static final HostAndPort ADDRESS = new HostAndPort("10.1.2.3", 22);
  private static final Duration NOW = Duration.ZERO;
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Executor VIRTUAL = Thread::startVirtualThread;

  private final PassageLimits limits =
      new PassageLimits(
          2, 8, Duration.ofMinutes(2), Duration.ofMinutes(1), Duration.ofMinutes(1), 2);
  private final Passages passages = new Passages("here", limits);

  @AfterEach
  void close() {
    passages.close();
  }

  private static <T> CompletableFuture<T> later(Callable<T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.call();
          } catch (Exception e) {
            throw new java.util.concurrent.CompletionException(e);
          }
        },
        VIRTUAL);
  }

  private static <T> T result(CompletableFuture<T> work) throws Exception {
    return work.get(1, TimeUnit.MINUTES);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(Passage.Piece piece) {
    return new String(piece.bytes(), StandardCharsets.US_ASCII);
  }

  private Passage opened() throws Exception {
    passages.dials(FAR, "p1", Set.of(), NOW);
    CompletableFuture<Passage> dial = later(() -> passages.open("far", ADDRESS, LONG));
    Passage wanted = passages.dials(FAR, "p1", Set.of(), LONG).wanted().getFirst();
    passages.opened(FAR, "p1", wanted.id());
    return result(dial);
  }

  private static void refuses(Callable<?> asking, PassageRefusedException.Reason reason) {
    assertThatThrownBy(asking::call)
        .isInstanceOfSatisfying(
            PassageRefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void nobodyIsReachedByAWorkerThatDoesNotAsk() {
    refuses(() -> passages.open("far", ADDRESS, LONG), PassageRefusedException.Reason.NO_WORKER);
    assertThat(passages.joined()).isEmpty();
  }

  @Test
  void noWorkerIsEverAskedForAddressesThatNoTargetMayHave() throws Exception {
    passages.dials(FAR, "p1", Set.of(), NOW);
    refuses(
        () -> passages.open("far", new HostAndPort("169.254.169.254", 80), LONG),
        PassageRefusedException.Reason.FORBIDDEN);
    assertThat(passages.dials(FAR, "p1", Set.of(), NOW).wanted()).isEmpty();
  }

  @Test
  void bytesPassBothWaysAndEndsFollowThem() throws Exception {
    Passage passage = opened();
    assertThat(passages.joined()).containsEntry("far", 1);
    passage.write(bytes("to"), 0, 2);
    assertThat(text(passages.take(FAR, "p1", passage.id(), 0, 100, LONG))).isEqualTo("to");
    assertThat(passages.put(FAR, "p1", passage.id(), 0, bytes("from"), null, LONG)).isEqualTo(4);
    byte[] read = new byte[10];
    assertThat(passage.read(read, 0, 10, 0)).isEqualTo(4);

    passage.finish();
    assertThat(passages.take(FAR, "p1", passage.id(), 2, 100, LONG).ending())
        .isEqualTo(Passage.Ending.FINISHED);
    passages.put(FAR, "p1", passage.id(), 4, bytes("!"), Passage.End.FINISHED, LONG);
    assertThat(passage.read(read, 0, 10, 0)).isEqualTo(1);
    assertThat(passage.read(read, 0, 10, 0)).isEqualTo(-1);

    passage.close();
    assertThat(passages.take(FAR, "p1", passage.id(), 2, 100, LONG).ending())
        .isEqualTo(Passage.Ending.CLOSED);
    assertThatThrownBy(() -> passages.take(FAR, "p1", passage.id(), 2, 100, LONG))
        .isInstanceOf(PassageGoneException.class);
  }

  @Test
  void whatIsSaidTwiceCountsOnceAndGapsAreRefused() throws Exception {
    Passage passage = opened();
    passage.write(bytes("abcdef"), 0, 6);
    assertThat(text(passages.take(FAR, "p1", passage.id(), 0, 4, LONG))).isEqualTo("abcd");
    assertThat(text(passages.take(FAR, "p1", passage.id(), 0, 4, LONG))).isEqualTo("abcd");
    assertThat(text(passages.take(FAR, "p1", passage.id(), 2, 9, LONG))).isEqualTo("cdef");
    for (long place : new long[] {1, 7}) {
      assertThatThrownBy(() -> passages.take(FAR, "p1", passage.id(), place, 9, LONG))
          .isInstanceOf(PassageConflictException.class);
    }

    passages.put(FAR, "p1", passage.id(), 0, bytes("123"), null, LONG);
    passages.put(FAR, "p1", passage.id(), 0, bytes("123"), null, LONG);
    passages.put(FAR, "p1", passage.id(), 1, bytes("2345"), null, LONG);
    byte[] read = new byte[10];
    assertThat(passage.read(read, 0, 10, 0)).isEqualTo(5);
    assertThat(new String(read, 0, 5, StandardCharsets.US_ASCII)).isEqualTo("12345");
    assertThatThrownBy(() -> passages.put(FAR, "p1", passage.id(), 6, bytes("7"), null, LONG))
        .isInstanceOf(PassageConflictException.class);
  }

  @Test
  void whoeverIsFasterWaitsAtTheBound() throws Exception {
    Passage passage = opened();
    passage.write(bytes("12345678"), 0, 8); // as much as is kept
    CompletableFuture<Boolean> ninth =
        later(
            () -> {
              passage.write(bytes("9"), 0, 1);
              return true;
            });
    assertThat(text(passages.take(FAR, "p1", passage.id(), 0, 100, LONG))).isEqualTo("12345678");
    assertThat(ninth).isNotDone();
    passages.take(FAR, "p1", passage.id(), 8, 100, LONG);
    assertThat(result(ninth)).isTrue();

    assertThat(passages.put(FAR, "p1", passage.id(), 0, bytes("123456789"), null, NOW))
        .as("the ninth has no room")
        .isEqualTo(8);
    CompletableFuture<Long> rest =
        later(() -> passages.put(FAR, "p1", passage.id(), 8, bytes("9"), null, LONG));
    byte[] read = new byte[3];
    assertThat(passage.read(read, 0, 3, 0)).isEqualTo(3);
    assertThat(result(rest)).isEqualTo(9);
  }

  @Test
  void passagesBelongToTheProcessThatTookThem() throws Exception {
    Passage passage = opened();
    assertThat(passages.dials(FAR, "p1", Set.of(passage.id()), NOW).gone()).isEmpty();
    assertThat(passages.dials(FAR, "p2", Set.of(passage.id(), "00"), NOW).gone())
        .containsExactlyInAnyOrder(passage.id(), "00");
    assertThatThrownBy(() -> passages.take(FAR, "p2", passage.id(), 0, 1, NOW))
        .isInstanceOf(PassageGoneException.class);
    assertThatThrownBy(
            () -> passages.put(Name.of("near"), "p1", passage.id(), 0, bytes("1"), null, NOW))
        .isInstanceOf(PassageGoneException.class);
  }

  @Test
  void anAnswerThatWasLostIsGivenAgainToTheSameProcessAlone() throws Exception {
    passages.dials(FAR, "p1", Set.of(), NOW);
    CompletableFuture<Passage> dial = later(() -> passages.open("far", ADDRESS, LONG));
    Passage wanted = passages.dials(FAR, "p1", Set.of(), LONG).wanted().getFirst();
    assertThat(passages.dials(FAR, "p2", Set.of(), NOW).wanted()).isEmpty();
    assertThat(passages.dials(FAR, "p1", Set.of(), NOW).wanted()).containsExactly(wanted);
    assertThat(passages.dials(FAR, "p1", Set.of(wanted.id()), NOW).wanted()).isEmpty();
    passages.refused(FAR, "p1", wanted.id(), PassageRefusedException.Reason.NO_ROUTE);
    assertThatThrownBy(() -> result(dial))
        .cause()
        .isInstanceOfSatisfying(
            PassageRefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(PassageRefusedException.Reason.NO_ROUTE));
    assertThat(passages.dials(FAR, "p1", Set.of(wanted.id()), NOW).gone())
        .containsExactly(wanted.id());
  }

  @Test
  void thereAreNoMorePassagesAndWorkersThanMayBe() throws Exception {
    Passage first = opened();
    opened();
    refuses(() -> passages.open("far", ADDRESS, LONG), PassageRefusedException.Reason.FULL);
    first.close();
    passages.take(FAR, "p1", first.id(), 0, 1, LONG);
    opened();

    passages.dials(Name.of("near"), "p", Set.of(), NOW);
    passages.dials(Name.of("third"), "p", Set.of(), NOW);
    assertThat(passages.joined()).containsOnlyKeys("far", "near");
  }

  @Test
  void aWorkerThatIsSilentForTooLongIsLost() throws Exception {
    try (Passages hasty =
        new Passages("here", PassageLimits.DEFAULT.resumingWithin(Duration.ofSeconds(3)))) {
      hasty.dials(FAR, "p1", Set.of(), NOW);
      CompletableFuture<Passage> dial = later(() -> hasty.open("far", ADDRESS, LONG));
      Passage wanted = hasty.dials(FAR, "p1", Set.of(), LONG).wanted().getFirst();
      hasty.opened(FAR, "p1", wanted.id());
      Passage passage = result(dial);
      SocketChannel channel = hasty.channel(passage);
      assertThatThrownBy(() -> passage.write(new byte[1 << 20], 0, 1 << 20))
          .isInstanceOf(SocketException.class);
      assertThat(passage.isLost()).isTrue();
      assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      assertThatThrownBy(() -> hasty.take(FAR, "p1", passage.id(), 0, 1, NOW))
          .isInstanceOf(PassageGoneException.class);
    }
  }

  @Test
  void aPassageIsASocketAndAChannelForThoseWhoWantThat() throws Exception {
    Passage passage = opened();
    var socket = passage.socket();
    socket.setSoTimeout(1);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    socket.getOutputStream().write('x');
    assertThat(text(passages.take(FAR, "p1", passage.id(), 0, 9, LONG))).isEqualTo("x");

    Passage other = opened();
    try (SocketChannel channel = passages.channel(other)) {
      byte[] sent = new byte[5_000];
      new Random(1).nextBytes(sent);
      CompletableFuture<Boolean> writing =
          later(
              () -> {
                channel.write(ByteBuffer.wrap(sent));
                channel.shutdownOutput();
                return true;
              });
      var got = new java.io.ByteArrayOutputStream();
      Passage.Piece piece = passages.take(FAR, "p1", other.id(), 0, 7, LONG);
      while (piece.ending() == Passage.Ending.OPEN) {
        got.write(piece.bytes());
        piece = passages.take(FAR, "p1", other.id(), got.size(), 7, LONG);
      }
      assertThat(result(writing)).isTrue();
      assertThat(got.toByteArray()).isEqualTo(sent);
      passages.put(FAR, "p1", other.id(), 0, bytes("back"), Passage.End.FINISHED, LONG);
      ByteBuffer back = ByteBuffer.allocate(10);
      while (channel.read(back) >= 0) {
        // to the end
      }
      assertThat(new String(back.array(), 0, back.position(), StandardCharsets.US_ASCII))
          .isEqualTo("back");
    }
  }

  @Test
  void targetsWithoutTheLabelAndThoseOfThisProcessAreDialledFromHere() throws IOException {
    assertThat(List.of("far", "here", ""))
        .extracting(worker -> passages.workerOf(target(worker)).orElse("-"))
        .containsExactly("far", "-", "-");
  }

  private static org.ongsung.model.Target target(String worker) {
    return new org.ongsung.model.Target(
        Name.of("web-1"),
        org.ongsung.model.Title.NONE,
        org.ongsung.model.Protocol.SSH,
        ADDRESS,
        java.util.Map.of("worker", worker),
        org.ongsung.model.HostKeyPolicy.PINNED,
        List.of(),
        List.of());
  }
}

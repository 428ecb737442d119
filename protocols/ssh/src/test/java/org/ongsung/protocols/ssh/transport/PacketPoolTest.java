package org.ongsung.protocols.ssh.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PacketPoolTest {
  private static final int BULK = 32 * 1024 + 13;

  private final PacketPool pool = new PacketPool();

  @Test
  void anArrayThatWasGivenBackIsTheNextTaken() {
    PacketPool.Pooled first = taken();
    byte[] array = first.array();
    first.giveBack();
    assertThat(taken().array()).isSameAs(array);
  }

  @Test
  void anArrayThatIsStillInUseIsNotTaken() {
    assertThat(taken().array()).isNotSameAs(taken().array());
  }

  @Test
  void givingBackTwiceGivesBackOnce() {
    PacketPool.Pooled packet = taken();
    packet.giveBack();
    packet.giveBack();
    assertThat(pool.free()).isOne();
  }

  @Test
  void atMostSoManyArraysWait() {
    List<PacketPool.Pooled> packets = new ArrayList<>();
    for (int i = 0; i < PacketPool.KEPT + 1; i++) {
      packets.add(taken());
    }
    packets.removeLast().giveBack();
    packets.subList(1, PacketPool.KEPT).forEach(PacketPool.Pooled::giveBack);
    assertThat(pool.free()).isEqualTo(PacketPool.KEPT);
    packets.getFirst().giveBack();
    assertThat(pool.free()).isEqualTo(PacketPool.KEPT);
  }

  @Test
  void smallPacketsAndThoseThatDoNotFitAreNotForThePool() {
    assertThat(pool.packet(8 * 1024 - 1)).isNull();
    assertThat(pool.packet(8 * 1024)).isNotNull();
    assertThat(pool.packet(PacketPool.ARRAY_BYTES - 512)).isNotNull();
    assertThat(pool.packet(PacketPool.ARRAY_BYTES - 511)).isNull();
  }

  private PacketPool.Pooled taken() {
    return Objects.requireNonNull(pool.packet(BULK));
  }
}

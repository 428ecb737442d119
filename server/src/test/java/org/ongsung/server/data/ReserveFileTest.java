package org.ongsung.server.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The space that is kept for a full disk: what is free is said here, the file is real.
class ReserveFileTest {
  private static final long WHOLE = ReserveFile.WHOLE_BYTES;
  private static final long PART = ReserveFile.PART_BYTES;

  @TempDir Path folder;
  private long usable = Long.MAX_VALUE;

  private ReserveFile reserve() {
    return new ReserveFile(file(), () -> usable);
  }

  private Path file() {
    return folder.resolve(ReserveFile.NAME);
  }

  private long whole() throws IOException {
    reserve().tend();
    return Files.size(file());
  }

  @Test
  void withItsOwnSizeFreeBesideItItIsMadeForItsOwnerAlone() throws Exception {
    ReserveFile reserve = reserve();
    usable = 2 * WHOLE - 1;
    reserve.tend();
    assertThat(file()).doesNotExist();
    assertThat(reserve.missingBytes()).isEqualTo(WHOLE);
    usable = 2 * WHOLE;
    reserve.tend();
    assertThat(file()).hasSize(WHOLE);
    assertThat(reserve.missingBytes()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void itTakesUpAllTheBlocksOfItsSize() throws Exception {
    assertThat(whole()).isEqualTo(WHOLE);
    byte[] bytes = Files.readAllBytes(file());
    Deflater deflater = new Deflater();
    deflater.setInput(bytes, 0, 1 << 20);
    deflater.finish();
    assertThat(deflater.deflate(new byte[2 << 20])).as("compressed").isGreaterThan(1 << 20);
    deflater.end();
  }

  @Test
  void aPartIsGivenUpAtEachLookThatFindsTheDiskFull() throws Exception {
    assertThat(whole()).isEqualTo(WHOLE);
    ReserveFile reserve = reserve();
    assertThat(reserve.missingBytes()).as("as the process before left it").isZero();
    usable = ReserveFile.FULL_BYTES;
    reserve.giveUpWhereFull();
    assertThat(file()).hasSize(WHOLE);
    usable = ReserveFile.FULL_BYTES - 1;
    for (long left = WHOLE - PART; left >= 0; left -= PART) {
      reserve.tend();
      assertThat(file()).hasSize(left);
      assertThat(reserve.missingBytes()).isEqualTo(WHOLE - left);
    }
    usable = 0;
    reserve.tend();
    assertThat(file()).isEmptyFile();
  }

  @Test
  void whatWasGivenUpIsTakenBackWithItsOwnSizeFreeBesideIt() throws Exception {
    assertThat(whole()).isEqualTo(WHOLE);
    ReserveFile reserve = reserve();
    usable = 0;
    reserve.tend();
    usable = WHOLE + PART - 1;
    reserve.tend();
    assertThat(file()).hasSize(WHOLE - PART);
    usable = WHOLE + PART;
    reserve.tend();
    assertThat(file()).hasSize(WHOLE);
  }

  @Test
  void aFaultStopsNobody() throws Exception {
    Files.createDirectory(file()); // what an administrator may have put there
    Files.createFile(file().resolve("other"));
    ReserveFile reserve = reserve();
    reserve.tend();
    usable = 0;
    reserve.tend();
    assertThat(file()).isDirectory();
  }
}

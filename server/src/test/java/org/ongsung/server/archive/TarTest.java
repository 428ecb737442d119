package org.ongsung.server.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarTest {
  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path folder;

  private static byte[] archiveOf(String name, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(bytes)) {
      tar.file(name, 0600, content.length, THEN, new ByteArrayInputStream(content));
    }
    return bytes.toByteArray();
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] content = "열쇠".repeat(300).getBytes(StandardCharsets.UTF_8);
    String longName = "recordings/" + "x".repeat(90) + "/" + "y".repeat(100);
    try (TarWriter tar = new TarWriter(bytes)) {
      tar.folder("recordings", 0700, THEN);
      tar.file(longName, 0640, content.length, THEN, new ByteArrayInputStream(content));
      tar.file("empty", 0600, 0, THEN, InputStream.nullInputStream());
    }
    assertThat(bytes.size() % 512).isZero();
    try (TarReader tar = new TarReader(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(tar.next()).isEqualTo(new TarReader.Entry("recordings", true, 0700, 0));
      assertThat(tar.next()).isEqualTo(new TarReader.Entry(longName, false, 0640, content.length));
      ByteArrayOutputStream read = new ByteArrayOutputStream();
      byte[] buffer = new byte[100];
      for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
        read.write(buffer, 0, n);
      }
      assertThat(read.toByteArray()).isEqualTo(content);
      assertThat(tar.next()).isEqualTo(new TarReader.Entry("empty", false, 0600, 0));
      assertThat(tar.next()).isNull();
    }
  }

  @Test
  void theSystemsTarReadsIt() throws Exception {
    Path archive = folder.resolve("a.tar");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(bytes)) {
      tar.folder("d", 0755, THEN);
      tar.file(
          "d/f", 0644, 5, THEN, new ByteArrayInputStream("hello".getBytes(StandardCharsets.UTF_8)));
      tar.link("d/l", "f", THEN);
    }
    Files.write(archive, bytes.toByteArray());
    Process process =
        new ProcessBuilder("tar", "-xf", archive.toString(), "-C", folder.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(folder.resolve("d/l")).content().isEqualTo("hello");
  }

  @Test
  void sizesBeyondEightGibibytesAreKept() throws IOException {
    long size = 10L << 30;
    byte[] header = new byte[512];
    ByteArrayOutputStream start =
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, Math.min(length, 512 - Math.min(512, size())));
          }
        };
    TarWriter tar = new TarWriter(start);
    InputStream endsEarly = InputStream.nullInputStream();
    assertThatThrownBy(() -> tar.file("big", 0600, size, THEN, endsEarly))
        .hasMessageContaining("became shorter");
    System.arraycopy(start.toByteArray(), 0, header, 0, 512);
    TarReader.Entry entry = new TarReader(new ByteArrayInputStream(header)).next();
    assertThat(entry).isNotNull();
    assertThat(entry.size()).isEqualTo(size);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "/etc/passwd", "a/../../b", "a//b", ".", "a\\b"})
  void aNameThatLeadsOutIsRefused(String name) throws IOException {
    byte[] bytes = archiveOf(name, new byte[0]);
    try (TarReader tar = new TarReader(new ByteArrayInputStream(bytes))) {
      assertThatThrownBy(tar::next).isInstanceOf(IOException.class).hasMessageContaining("out of");
    }
  }

  @Test
  void aLinkIsRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(bytes)) {
      tar.link("l", "/etc/passwd", THEN);
    }
    try (TarReader tar = new TarReader(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThatThrownBy(tar::next).hasMessageContaining("neither folder nor file");
    }
  }

  @Test
  void aDamagedOrCutArchiveIsNoticed() throws IOException {
    byte[] bytes = archiveOf("file", new byte[700]);
    byte[] damaged = bytes.clone();
    damaged[3] ^= 1;
    try (TarReader tar = new TarReader(new ByteArrayInputStream(damaged))) {
      assertThatThrownBy(tar::next).hasMessageContaining("damaged");
    }
    try (TarReader tar = new TarReader(new ByteArrayInputStream(Arrays.copyOf(bytes, 900)))) {
      assertThat(tar.next()).isNotNull();
      assertThatThrownBy(tar::next).isInstanceOf(IOException.class);
    }
  }
}

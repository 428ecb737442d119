package org.ongsung.wire.sftp;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Builds SFTP packets for tests: `packet(type, fields…)` where an Integer is a uint32, a Long a
/// uint64, a String or a byte array is length-prefixed, and a [Raw] stands as it is.
final class Packets {
  private Packets() {}

  static byte[] packet(int type, Object... fields) {
    try {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      DataOutputStream data = new DataOutputStream(body);
      data.writeByte(type);
      for (Object field : fields) {
        write(data, field);
      }
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      new DataOutputStream(whole).writeInt(body.size());
      body.writeTo(whole);
      return whole.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(DataOutputStream data, Object field) throws IOException {
    switch (field) {
      case Integer value -> data.writeInt(value);
      case Long value -> data.writeLong(value);
      case String text -> write(data, text.getBytes(StandardCharsets.UTF_8));
      case byte[] bytes -> {
        data.writeInt(bytes.length);
        data.write(bytes);
      }
      default -> throw new IllegalArgumentException(String.valueOf(field));
    }
  }

  static byte[] init() {
    return packet(1, 3);
  }

  static byte[] version() {
    return packet(2, 3);
  }

  static byte[] open(int id, String path, int flags) {
    return packet(3, id, path, flags, 0);
  }

  static byte[] close(int id, String handle) {
    return packet(4, id, handle);
  }

  static byte[] read(int id, String handle, int length) {
    return packet(5, id, handle, 0L, length);
  }

  static byte[] write(int id, String handle, int length) {
    return packet(6, id, handle, 0L, new byte[length]);
  }

  static byte[] status(int id, int code, String message) {
    return packet(101, id, code, message, "");
  }

  static byte[] ok(int id) {
    return status(id, 0, "Success");
  }

  static byte[] handle(int id, String handle) {
    return packet(102, id, handle);
  }

  static byte[] data(int id, int length) {
    return packet(103, id, new byte[length]);
  }
}

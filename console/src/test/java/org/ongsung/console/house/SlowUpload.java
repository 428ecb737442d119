package org.ongsung.console.house;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// An upload that a browser has begun and not finished: half of a file is on its way.
public final class SlowUpload implements AutoCloseable {
  private static final String REST = "y".repeat(1_000);
  private static final String END = "\r\n--b--\r\n";

  private final Socket socket;
  private final OutputStream out;

  /// Sends the first half of a file of 2,000 bytes, which may replace another.
  public SlowUpload(ConsoleHouse house, Browser browser, String address, String name)
      throws IOException {
    URI uri = house.uri(address);
    String begun =
        "--b\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n"
            + browser.csrf()
            + "\r\n--b\r\nContent-Disposition: form-data; name=\"replace\"\r\n\r\nyes"
            + "\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
            + name
            + "\"\r\n\r\n"
            + REST;
    int length = begun.length() + REST.length() + END.length();
    String head =
        "POST "
            + uri.getRawPath()
            + "?"
            + uri.getRawQuery()
            + " HTTP/1.1\r\nHost: "
            + uri.getAuthority()
            + "\r\nCookie: "
            + browser.cookieHeader()
            + "\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: "
            + length
            + "\r\n\r\n";
    socket = new Socket(uri.getHost(), uri.getPort());
    socket.setSoTimeout(100_000);
    out = socket.getOutputStream();
    out.write((head + begun).getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /// Sends the other half.
  ///
  /// @return the status of the answer
  public int finish() throws IOException {
    out.write((REST + END).getBytes(StandardCharsets.US_ASCII));
    out.flush();
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    String status = in.readLine();
    if (status == null) {
      throw new IOException("no answer");
    }
    return Integer.parseInt(status.split(" ", -1)[1]);
  }

  /// The browser leaves.
  @Override
  public void close() throws IOException {
    socket.close();
  }
}

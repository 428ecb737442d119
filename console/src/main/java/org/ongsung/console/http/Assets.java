package org.ongsung.console.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files that pages are made of: styles, scripts, fonts. Known by name from the start, so that
/// no request ever becomes a file name; read when first asked for, then kept.
///
/// Every address carries a fingerprint of all files, so that browsers may keep them for good and
/// relative addresses in styles and modules stay within one release.
public final class Assets {
  /// Ends the entity tag of the compressed form: other bytes, another tag (RFC 9110 section 8.8.3).
  private static final String GZIP_FORM = "-gzip";

  private static final String FOLDER = "/org/ongsung/console/assets/";

  private final Map<String, Integer> sizes;
  private final String fingerprint;
  private final Map<String, Loaded> loaded = new ConcurrentHashMap<>();

  private static final class Loaded {
    final byte[] plain;
    final byte @Nullable [] gzipped;
    final String sum;
    final String type;

    Loaded(byte[] plain, byte @Nullable [] gzipped, String sum, String type) {
      this.plain = plain;
      this.gzipped = gzipped;
      this.sum = sum;
      this.type = type;
    }
  }

  private Assets(Map<String, Integer> sizes, String fingerprint) {
    this.sizes = sizes;
    this.fingerprint = fingerprint;
  }

  /// Finds the files on the class path, in a folder or a jar.
  public static Assets find() {
    URL marker = Assets.class.getResource(FOLDER + "VENDORED.md");
    if (marker == null) {
      throw new IllegalStateException("the console's assets are missing from the class path");
    }
    try {
      URI uri = marker.toURI();
      if (!uri.getScheme().equals("jar")) {
        return in(Path.of(uri).resolveSibling(""));
      }
      String inJar = uri.getRawSchemeSpecificPart();
      Path jar = Path.of(URI.create(inJar.substring(0, inJar.indexOf("!/"))));
      try (FileSystem files = FileSystems.newFileSystem(jar)) {
        return in(files.getPath(FOLDER));
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("the console's assets cannot be listed", e);
    }
  }

  private static Assets in(Path folder) throws IOException {
    Map<String, Integer> sizes = new TreeMap<>();
    MessageDigest digest = sha256();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        sizes.put(name, (int) Files.size(file));
        // The sums of vendored files stand in VENDORED.md; our own are few and small.
        if (!name.contains("/") || name.startsWith("own/")) {
          digest.update(Files.readAllBytes(file));
        }
      }
    }
    String hex = HexFormat.of().formatHex(digest.digest());
    return new Assets(Map.copyOf(sizes), hex.substring(0, 12));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }

  /// The address of a file for a page.
  ///
  /// @throws IllegalArgumentException when there is no such file: a mistake in a template
  public String url(String name) {
    if (!sizes.containsKey(name)) {
      throw new IllegalArgumentException("no such asset: " + name);
    }
    return "/assets/" + fingerprint + "/" + name;
  }

  /// Serves `/assets/{fingerprint}/…`, each file in the form that the client takes, with the entity
  /// tag of that form.
  ///
  /// `name` is one of ours or does not exist.
  public Reply serve(Exchange exchange, String name) throws IOException {
    if (!sizes.containsKey(name) || name.endsWith(".md")) {
      throw HttpProblem.notFound();
    }
    Loaded file = loaded.computeIfAbsent(name, Assets::load);
    boolean current = exchange.variable("fingerprint").equals(fingerprint);
    String cache = current ? "public, max-age=31536000, immutable" : "no-cache";
    byte[] gzipped = Codings.takesGzip(exchange.header("Accept-Encoding")) ? file.gzipped : null;
    String tag = '"' + file.sum + (gzipped == null ? "" : GZIP_FORM) + '"';
    Map<String, String> headers = new TreeMap<>();
    headers.put("ETag", tag);
    headers.put("Cache-Control", cache);
    if (file.gzipped != null) {
      headers.put("Vary", "Accept-Encoding");
    }
    if (Codings.names(exchange.header("If-None-Match"), tag)) {
      return new Reply.Body(304, "", new byte[0], headers);
    }
    if (gzipped == null) {
      return new Reply.Body(200, file.type, file.plain, headers);
    }
    headers.put("Content-Encoding", "gzip");
    return new Reply.Body(200, file.type, gzipped, headers);
  }

  private static Loaded load(String name) {
    try (InputStream in = Assets.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException("an asset vanished: " + name);
      }
      byte[] plain = in.readAllBytes();
      String type = type(name);
      byte[] gzipped = type.startsWith("font/") ? null : Gzip.compress(plain);
      String sum = Base64.getUrlEncoder().withoutPadding().encodeToString(sha256().digest(plain));
      return new Loaded(plain, gzipped, sum.substring(0, 22), type);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("an asset cannot be read: " + name, e);
    }
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
      case "css" -> "text/css; charset=utf-8";
      case "js", "mjs" -> "text/javascript; charset=utf-8";
      case "svg" -> "image/svg+xml";
      case "woff2" -> "font/woff2";
      case "png" -> "image/png";
      default -> "application/octet-stream";
    };
  }
}

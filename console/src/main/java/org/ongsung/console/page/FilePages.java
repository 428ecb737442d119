package org.ongsung.console.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Attachment;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Multipart;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.BrowserFiles;
import org.ongsung.console.services.Reachable;
import org.ongsung.console.services.ReachableTargets;
import org.ongsung.console.services.StreamPlaces;
import org.ongsung.gateway.files.FileEntry;
import org.ongsung.gateway.files.FileListing;
import org.ongsung.gateway.files.FilePath;
import org.ongsung.gateway.files.FileRefusedException;
import org.ongsung.gateway.files.FileSession;
import org.ongsung.gateway.files.FileUpstream;
import org.ongsung.gateway.files.Upload;
import org.ongsung.model.Capability;
import org.ongsung.model.Protocol;

/// The files of a target: look around, fetch, send, and put in order.
public final class FilePages {
  private static final int BUFFER_BYTES = 32_768;
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Comparator<FileEntry> FOLDERS_FIRST =
      Comparator.<FileEntry, Boolean>comparing(entry -> entry.kind() != FileEntry.Kind.FOLDER)
          .thenComparing(entry -> entry.path().sortKey())
          .thenComparing(entry -> entry.path().text());

  private final Pages pages;
  private final ReachableTargets reachable;
  private final Optional<BrowserFiles> files;
  private final StreamPlaces places;

  /// @param files empty where there are none, and then no page either
  public FilePages(
      Pages pages, ReachableTargets reachable, Optional<BrowserFiles> files, StreamPlaces places) {
    this.pages = pages;
    this.reachable = reachable;
    this.files = files;
    this.places = places;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .page("/files/{name}", Access.USER, this::choose)
        .page("/files/{name}/{account}", Access.USER, this::show)
        .page("/files/{name}/{account}/content", Access.USER, this::download)
        .page("/files/{name}/{account}/change", Access.USER, this::askChange)
        .upload("/files/{name}/{account}/upload", Access.USER, this::upload)
        .form("/files/{name}/{account}/folder", Access.USER, this::makeFolder)
        .form("/files/{name}/{account}/rename", Access.USER, this::rename)
        .form("/files/{name}/{account}/remove", Access.USER, this::remove);
  }

  /// The place that an address names, as far as the caller may go there.
  private record There(String target, String account) {
    String address() {
      return "/files/" + target + "/" + account;
    }

    String at(FilePath path) {
      return address() + "?path=" + encode(path);
    }
  }

  private static String encode(FilePath path) {
    return URLEncoder.encode(path.text(), StandardCharsets.UTF_8);
  }

  private List<String> accounts(Caller caller, String name) {
    return files.isEmpty()
        ? List.of()
        : reachable.of(caller).stream()
            .filter(one -> one.target().equals(name))
            .filter(one -> one.protocol().equals(Protocol.SSH.text()))
            .flatMap(one -> one.accounts().stream())
            .filter(way -> way.may().contains(Capability.SFTP.text()))
            .map(Reachable.AccountWay::account)
            .toList();
  }

  /// Where the caller wants to go; whether they may is decided, and a refusal written down, where
  /// the files are used.
  private static There there(Exchange exchange) {
    return new There(exchange.variable("name"), exchange.variable("account"));
  }

  private <T> T use(Exchange exchange, There there, BrowserFiles.Use<T> use)
      throws IOException, InterruptedException {
    return exchange.rest(() -> useNow(exchange, there, use));
  }

  /// The same where the request has no place at the door any more: while its answer is written.
  private <T> T useNow(Exchange exchange, There there, BrowserFiles.Use<T> use)
      throws IOException, InterruptedException {
    String client = exchange.header("User-Agent");
    return files
        .orElseThrow(HttpProblem::notFound)
        .use(exchange.caller(), there.target(), there.account(), client == null ? "" : client, use);
  }

  private static FilePath path(String text) {
    try {
      return FilePath.parse(text);
    } catch (IllegalArgumentException e) {
      throw HttpProblem.badRequest("that is no path: " + e.getMessage());
    }
  }

  private static FilePath child(FilePath folder, String name) {
    try {
      return folder.child(name);
    } catch (IllegalArgumentException e) {
      throw new HttpProblem(422, "file-name", "a name is not empty and has no /");
    }
  }

  private Reply choose(Exchange exchange) {
    String target = exchange.variable("name");
    List<String> accounts = accounts(exchange.caller(), target);
    if (accounts.isEmpty()) {
      throw HttpProblem.notFound();
    }
    return accounts.size() == 1
        ? Reply.seeOther(new There(target, accounts.getFirst()).address())
        : pages.show(exchange, "fileaccounts", Map.of("target", target, "accounts", accounts));
  }

  /// What a folder's page shows.
  private record Looked(FilePath path, @Nullable FileListing listing) {}

  private Reply show(Exchange exchange) throws IOException, InterruptedException {
    There there = there(exchange);
    String asked = exchange.query().raw("path");
    Looked looked =
        use(
            exchange,
            there,
            (_, upstream) -> {
              FilePath path = asked.isEmpty() ? upstream.home() : path(asked);
              boolean folder = upstream.look(path).kind() == FileEntry.Kind.FOLDER;
              int most = files.orElseThrow().limits().entries();
              return new Looked(path, folder ? upstream.list(path, most) : null);
            });
    FileListing listing = looked.listing();
    if (listing == null) {
      return Reply.seeOther(there.address() + "/content?path=" + encode(looked.path()));
    }
    return pages.show(
        exchange,
        "files",
        Map.of(
            "target", there.target(),
            "account", there.account(),
            "path", looked.path(),
            "entries", listing.entries().stream().sorted(FOLDERS_FIRST).toList(),
            "more", listing.more()));
  }

  private Reply download(Exchange exchange) throws IOException, InterruptedException {
    There there = there(exchange);
    FilePath path = path(exchange.query().raw("path"));
    FileEntry entry =
        use(
            exchange,
            there,
            (_, upstream) -> {
              FileEntry found = upstream.look(path);
              if (found.kind() != FileEntry.Kind.FILE) {
                throw new HttpProblem(409, "file-kind", "only files can be fetched");
              }
              return found;
            });
    // Files of the kernel's say 0 and have something; the end is where they end.
    long size = entry.size() > 0 ? entry.size() : -1;
    Reply.Writer writer =
        out ->
            useNow(
                exchange,
                there,
                (session, upstream) ->
                    transfer(session, () -> fetch(session, upstream, path, size, out)));
    Reply reply =
        Reply.stream("application/octet-stream", places.holding(writer))
            .with("Content-Disposition", Attachment.named(path.name()))
            .with("Content-Security-Policy", "sandbox; default-src 'none'");
    return size < 0 ? reply : reply.with("Content-Length", Long.toString(size));
  }

  /// A transfer, which takes one of the session's places.
  private interface Transfer {
    void run() throws IOException, InterruptedException;
  }

  private static boolean transfer(FileSession session, Transfer transfer)
      throws IOException, InterruptedException {
    if (!session.transfer()) {
      throw HttpProblem.busy(429, "too-many-transfers", "too many transfers at once", RETRY);
    }
    try {
      transfer.run();
      return true;
    } finally {
      session.transferred();
    }
  }

  private static void fetch(
      FileSession session, FileUpstream upstream, FilePath path, long size, OutputStream out)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = upstream.read(path)) {
      long left = size < 0 ? Long.MAX_VALUE : size;
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (read < 0) {
          break;
        }
        out.write(buffer, 0, read);
        session.touch();
        left -= read;
      }
      if (size >= 0 && left > 0) {
        throw new IOException("the file has become shorter");
      }
    }
  }

  private Reply upload(Exchange exchange) throws IOException, InterruptedException {
    There there = there(exchange);
    Multipart parts = exchange.parts();
    FilePath folder = path(exchange.query().raw("path"));
    use(
        exchange,
        there,
        (session, upstream) -> transfer(session, () -> takeAll(session, upstream, folder, parts)));
    // A script cannot tell a folder's page from any other page that it was sent to.
    String accept = exchange.header("Accept");
    return accept != null && accept.startsWith("application/json")
        ? Reply.json(200, Json.write(Map.of("uploaded", true)))
        : Reply.seeOther(there.at(folder));
  }

  private void takeAll(FileSession session, FileUpstream upstream, FilePath folder, Multipart parts)
      throws IOException {
    boolean replace = false;
    for (Optional<Multipart.Part> next = parts.next(); next.isPresent(); next = parts.next()) {
      Multipart.Part part = next.get();
      String name = part.fileName();
      if (name == null) {
        replace |= part.name().equals("replace");
      } else if (!name.isEmpty()) {
        take(session, upstream, child(folder, lastPart(name)), replace, part.content());
      }
    }
  }

  /// Some browsers send the folder along.
  private static String lastPart(String name) {
    return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  }

  private void take(
      FileSession session,
      FileUpstream upstream,
      FilePath file,
      boolean replace,
      InputStream content)
      throws IOException {
    long most = files.orElseThrow().limits().uploadBytes();
    try (Upload upload = Upload.begin(upstream, file, replace)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      long bytes = 0;
      for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        bytes += read;
        if (bytes > most) {
          throw new HttpProblem(413, "file-too-large", "a file has at most " + most + " bytes");
        }
        upload.write(buffer, 0, read);
        session.touch();
      }
      upload.commit();
    }
  }

  private static boolean exists(FileUpstream upstream, FilePath file) throws IOException {
    try {
      upstream.lookAt(file);
      return true;
    } catch (FileRefusedException e) {
      if (e.reason() == FileRefusedException.Reason.MISSING) {
        return false;
      }
      throw e;
    }
  }

  private Reply makeFolder(Exchange exchange) throws IOException, InterruptedException {
    There there = there(exchange);
    FilePath folder = path(exchange.form().raw("path"));
    FilePath made = child(folder, exchange.form().raw("name"));
    use(
        exchange,
        there,
        (_, upstream) -> {
          if (exists(upstream, made)) {
            throw new FileRefusedException(FileRefusedException.Reason.EXISTS);
          }
          upstream.makeFolder(made);
          return true;
        });
    return Reply.seeOther(there.at(folder));
  }

  private Reply askChange(Exchange exchange) {
    There there = there(exchange);
    if (!accounts(exchange.caller(), there.target()).contains(there.account())) {
      throw HttpProblem.notFound();
    }
    FilePath path = path(exchange.query().raw("path"));
    Map<String, Object> model = new HashMap<>();
    model.put("target", there.target());
    model.put("account", there.account());
    model.put("path", path);
    model.put("folder", exchange.query().raw("kind").equals("folder"));
    return pages.show(exchange, "filechange", model);
  }

  private Reply rename(Exchange exchange) throws IOException, InterruptedException {
    There there = there(exchange);
    FilePath from = path(exchange.form().raw("path"));
    FilePath to = child(from.parent(), exchange.form().raw("name"));
    use(
        exchange,
        there,
        (_, upstream) -> {
          if (exists(upstream, to)) {
            throw new FileRefusedException(FileRefusedException.Reason.EXISTS);
          }
          upstream.rename(from, to);
          return true;
        });
    return Reply.seeOther(there.at(from.parent()));
  }

  private Reply remove(Exchange exchange) throws IOException, InterruptedException {
    There there = there(exchange);
    FilePath path = path(exchange.form().raw("path"));
    boolean folder = exchange.form().raw("kind").equals("folder");
    use(
        exchange,
        there,
        (_, upstream) -> {
          if (folder) {
            upstream.removeFolder(path);
          } else {
            upstream.removeFile(path);
          }
          return true;
        });
    return Reply.seeOther(there.at(path.parent()));
  }
}

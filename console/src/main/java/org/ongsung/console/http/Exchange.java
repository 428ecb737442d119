package org.ongsung.console.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.ConnectionGuard;
import org.ongsung.model.LanguageChoice;
import org.ongsung.model.Name;
import org.ongsung.model.SessionId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One allowed request, as a handler sees it: the route's variables decoded once, the caller
/// proven, the body bounded. For the request's own thread.
public final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final int MAX_TOKEN_BYTES = 200;

  private final Incoming incoming;
  private final RouteTable.Match match;
  private final Fields query;
  private final @Nullable Caller caller;
  private final FormProof formProof;
  private final House house;
  private @Nullable Fields form;
  private BooleanSupplier known = () -> true;

  /// What is the same for every request.
  ///
  /// @param stopping whether the server has been told to stop
  record House(BasePath base, BooleanSupplier stopping, NestedCalls calls) {}

  Exchange(
      Incoming incoming,
      RouteTable.Match match,
      Fields query,
      @Nullable Caller caller,
      FormProof formProof,
      House house) {
    this.incoming = incoming;
    this.match = match;
    this.query = query;
    this.caller = caller;
    this.formProof = formProof;
    this.house = house;
  }

  /// The same exchange, that can tell whether its caller is still logged in.
  Exchange knownWhile(BooleanSupplier stillKnown) {
    known = stillKnown;
    return this;
  }

  /// Acts on it, as its route does.
  Reply handle() throws IOException, InterruptedException {
    return nesting().answering(() -> route().handler().handle(this));
  }

  public Route route() {
    return match.route();
  }

  /// The path within the console as the browser wrote it, without query.
  public String path() {
    String path = pathAndQuery();
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }

  /// Path and query within the console as the browser sent them: fit for `next=`.
  public String pathAndQuery() {
    return incoming.pathAndQuery();
  }

  /// What stands at `{variable}` of the route's template, decoded.
  public String variable(String variable) {
    String value = match.variables().get(variable);
    if (value == null) {
      throw new IllegalArgumentException("no such variable: " + variable);
    }
    return value;
  }

  /// The variable as a name; what cannot be one is not found.
  public Name nameVariable(String variable) {
    String text = variable(variable);
    if (!Name.isValid(text)) {
      throw HttpProblem.notFound();
    }
    return Name.of(text);
  }

  /// The variable as a session's id; what cannot be one is not found.
  public SessionId sessionVariable(String variable) {
    return sessionId(variable(variable)).orElseThrow(HttpProblem::notFound);
  }

  static Optional<SessionId> sessionId(String text) {
    try {
      return Optional.of(new SessionId(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// The variable as a number from 0.
  public int numberVariable(String variable) {
    try {
      int number = Integer.parseInt(variable(variable));
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // answered below, as any other number that there is not
    }
    throw HttpProblem.notFound();
  }

  public Fields query() {
    return query;
  }

  /// Who asks. Only on routes that are not public.
  ///
  /// @throws HttpProblem 401 when nobody has proven who they are
  public Caller caller() {
    if (caller == null) {
      throw new HttpProblem(401, "login-required", "log in first");
    }
    return caller;
  }

  /// Who asks, where a route is open to anyone.
  public Optional<Caller> callerIfAny() {
    return Optional.ofNullable(caller);
  }

  /// Whether the caller is still logged in, asked anew; for answers that go on for long. Blocks.
  public boolean stillWelcome() {
    return !stopping() && known.getAsBoolean();
  }

  /// The tag of the language that the person chose, for themselves or for this browser; empty where
  /// they chose none.
  public String chosenLanguage() {
    LanguageChoice choice = callerIfAny().map(Caller::language).orElse(LanguageChoice.AUTO);
    return choice == LanguageChoice.AUTO ? cookie(Cookies.LANGUAGE).orElse("") : choice.text();
  }

  /// The client's address, as far as it is believed.
  public InetAddress source() {
    return incoming.source();
  }

  /// How this request looks once it has come in: for finding out what a front server passes on.
  /// Empty for one of the system itself.
  public Map<String, Object> provenance() {
    if (!(incoming instanceof FromOutside outside)) {
      return Map.of();
    }
    Client client = outside.client();
    return Map.of(
        "source", client.address().getHostAddress(),
        "way", client.way().name().toLowerCase(java.util.Locale.ROOT),
        "secure", client.secure(),
        "host", client.host());
  }

  /// What forms of the answer must carry in `_csrf`.
  public String csrfToken() {
    return formProof.token();
  }

  FormProof formProof() {
    return formProof;
  }

  /// Where the browser is to send cookies back: to this console, and over TLS alone when it came
  /// so.
  public Cookies.Scope cookieScope() {
    return new Cookies.Scope(house.base().cookiePath(), incoming.secure());
  }

  /// Whether the server has been told to stop; streams end then.
  public boolean stopping() {
    return house.stopping().getAsBoolean();
  }

  /// Asks the system itself for another address of the API, in process and as the same caller; see
  /// [NestedCalls].
  ///
  /// @param path such as `/api/v1/jobs`
  /// @param json the body; empty for none
  /// @return the answer's body; empty where it has none
  /// @throws HttpProblem as that address answers; 508 where requests are nested too deep
  public Map<String, Object> ask(String method, String path, Map<String, Object> json)
      throws IOException, InterruptedException {
    return house.calls().call(this, method, path, json);
  }

  /// Waits for something that takes neither processor nor database, such as somebody's answer; a
  /// question or two to the database before and after may be within. The request gives its place at
  /// the door to others meanwhile.
  public <T> T rest(Place.Rest<T> rest) throws IOException, InterruptedException {
    ConnectionGuard.assertNoneHeld("an answer");
    return incoming.place().rest(rest);
  }

  /// Does `task` once when it turns out that nobody is there for the answer any more, on a thread
  /// of its own that may block. With HTTP/1.1 nobody can tell before the answer is written; with
  /// HTTP/2 and FastCGI the other end says so.
  public void whenGone(Runnable task) {
    incoming.whenGone(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            LOG.debug("a request was given up without what was to be done then", e);
          }
        });
  }

  /// Where this request stands among those made on account of one another.
  public Nesting nesting() {
    return incoming.nesting();
  }

  Incoming incoming() {
    return incoming;
  }

  /// A request header, or null.
  public @Nullable String header(String name) {
    return incoming.header(name);
  }

  /// A cookie of the request.
  public Optional<String> cookie(String name) {
    return incoming.cookie(name);
  }

  /// The body as a form; read once.
  public Fields form() throws IOException {
    if (form == null) {
      String type = incoming.header("Content-Type");
      if (type == null || !type.startsWith("application/x-www-form-urlencoded")) {
        throw new HttpProblem(415, "unsupported-media-type", "send a form");
      }
      form = Fields.parse(new String(body(), StandardCharsets.ISO_8859_1));
    }
    return form;
  }

  /// The body as a JSON object; an empty body is an empty object.
  public Map<String, Object> json() throws IOException {
    byte[] body = body();
    if (body.length == 0) {
      return Map.of();
    }
    String type = incoming.header("Content-Type");
    if (type == null || !type.startsWith("application/json")) {
      throw new HttpProblem(415, "unsupported-media-type", "send application/json");
    }
    return Json.readObject(body);
  }

  /// The body as it is; at most what the route takes.
  public byte[] octets() throws IOException {
    String type = incoming.header("Content-Type");
    if (type == null || !type.startsWith("application/octet-stream")) {
      throw new HttpProblem(415, "unsupported-media-type", "send application/octet-stream");
    }
    return body();
  }

  /// The body as a form with files, part by part as it comes. Where no header has proven that the
  /// form is ours its first part must, before anything else is given.
  public Multipart parts() throws IOException, InterruptedException {
    String type = incoming.header("Content-Type");
    if (!match.route().isStreamed() || type == null || !Multipart.fits(type)) {
      throw new HttpProblem(415, "unsupported-media-type", "send multipart/form-data");
    }
    Multipart parts = Multipart.of(type, incoming.body());
    boolean proven =
        (caller != null && caller.bearer())
            || Csrf.matches(csrfToken(), incoming.header(Csrf.HEADER));
    if (!proven) {
      String sent = rest(() -> firstToken(parts));
      if (!Csrf.matches(csrfToken(), sent)) {
        throw Doorkeeper.staleForm();
      }
    }
    return parts;
  }

  private static String firstToken(Multipart parts) throws IOException {
    Multipart.Part first = parts.next().orElseThrow(Doorkeeper::staleForm);
    if (!first.name().equals(Csrf.FIELD)) {
      throw Doorkeeper.staleForm();
    }
    return new String(first.content().readNBytes(MAX_TOKEN_BYTES), StandardCharsets.ISO_8859_1);
  }

  /// Reads the body and forgets it as it comes.
  ///
  /// @return how many bytes it had
  /// @throws HttpProblem 413 past the route's limit
  public long swallow() throws IOException {
    int limit = match.route().maxBodyBytes();
    if (incoming.length() > limit) {
      throw tooLarge(limit);
    }
    try (InputStream in = incoming.body()) {
      byte[] buffer = new byte[8_192];
      return rest(
          () -> {
            long bytes = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
              bytes += n;
              if (bytes > limit) {
                throw tooLarge(limit);
              }
            }
            return bytes;
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a request's body was read");
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private byte[] body() throws IOException {
    int limit = match.route().maxBodyBytes();
    if (incoming.length() > limit) {
      throw tooLarge(limit);
    }
    try (InputStream in = incoming.body()) {
      byte[] bytes = rest(() -> in.readNBytes(limit + 1));
      if (bytes.length > limit) {
        throw tooLarge(limit);
      }
      return bytes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a request's body was read");
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw broken(e);
    }
  }

  static HttpProblem broken(IOException e) {
    return e.getCause() instanceof TimeoutException
        ? new HttpProblem(408, "body-late", "the rest of the request did not come in time")
        : new HttpProblem(400, "body-broken", "the request broke off before its end");
  }

  private static HttpProblem tooLarge(int limit) {
    return new HttpProblem(413, "too-large", "the request has more than " + limit + " bytes");
  }
}

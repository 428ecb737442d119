package org.ongsung.server.work;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.jobs.Destination;
import org.ongsung.jobs.JobContext;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.JobTrees;
import org.ongsung.jobs.JobWork;
import org.ongsung.jobs.WorkFailedException;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.SessionId;
import org.ongsung.server.configuration.Notices;
import org.ongsung.vault.OwnSecret;
import org.ongsung.vault.OwnSecrets;
import org.ongsung.vault.Secret;
import org.ongsung.vault.VaultException;

/// Tells somebody outside: posts a signed message to a URL, or sends a mail.
///
/// A post is JSON with `delivery`, `gateway`, `title`, `text` and, where it is about an event of
/// the ledger, `event`. It is signed in `Ongsung-Signature: v1=` and the lower-case hex of the
/// HMAC-SHA256 (RFC 2104) of the text of `Ongsung-Timestamp` (seconds since 1970), a full stop and
/// the body. `delivery` stays the same when a message is sent again, because its answer was lost or
/// was no success.
public final class NotifyWork implements JobWork {
  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final int MAX_SECRET_BYTES = 4_096;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int REQUEST_TIMEOUT = 408;

  private final Notices notices;
  private final String node;
  private final OwnSecrets secrets;
  private final OwnAddresses own;
  private final Ledger ledger;
  private final Clock clock;

  /// The addresses of this gateway itself, which no request of ours goes out to.
  @FunctionalInterface
  public interface OwnAddresses {
    /// Has the gateway itself take a post, in process; empty where `url` is not its own.
    ///
    /// @return the status
    OptionalInt post(URI url, Map<String, String> headers, byte[] json)
        throws IOException, InterruptedException;
  }

  public NotifyWork(
      Notices notices,
      String node,
      OwnSecrets secrets,
      OwnAddresses own,
      Ledger ledger,
      Clock clock) {
    this.notices = notices;
    this.node = node;
    this.secrets = secrets;
    this.own = own;
    this.ledger = ledger;
    this.clock = clock;
  }

  @Override
  public JobResult run(
      JobParameters parameters, @Nullable Destination destination, JobContext context)
      throws IOException, InterruptedException, WorkFailedException {
    if (!(parameters instanceof JobParameters.Notify notify)) {
      throw new WorkFailedException("there is nobody to tell", false, null);
    }
    try {
      return switch (notify.channel()) {
        case WEBHOOK ->
            post(notices.webhook().orElseThrow(() -> notSetUp("notify.webhook")), notify, context);
        case MAIL ->
            mail(notices.mail().orElseThrow(() -> notSetUp("notify.mailServer")), notify, context);
      };
    } catch (WebhookCall.ForbiddenAddressException e) {
      throw new WorkFailedException(String.valueOf(e.getMessage()), false, e);
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new WorkFailedException("not told: " + why, true, e);
    }
  }

  private static WorkFailedException notSetUp(String key) {
    return new WorkFailedException("the configuration has no " + key, false, null);
  }

  private JobResult post(Notices.Webhook webhook, JobParameters.Notify notify, JobContext context)
      throws IOException, InterruptedException, WorkFailedException {
    byte[] body = body(notify, context).getBytes(StandardCharsets.UTF_8);
    String timestamp = Long.toString(clock.instant().getEpochSecond());
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("User-Agent", "Ongsung");
    headers.put("Ongsung-Delivery", context.id().value());
    headers.put("Ongsung-Timestamp", timestamp);
    headers.put("Ongsung-Signature", "v1=" + signature(webhook, timestamp, body));
    OptionalInt inside = own.post(webhook.url(), headers, body);
    int status =
        inside.isPresent()
            ? inside.getAsInt()
            : new WebhookCall((SSLSocketFactory) SSLSocketFactory.getDefault(), LONGEST)
                .post(webhook.url(), headers, body);
    String answer = "HTTP status " + status;
    context.log(answer);
    if (status / 100 == 2) {
      return new JobResult.Told(answer);
    }
    boolean again = status >= 500 || status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS;
    throw new WorkFailedException("not told: " + answer, again, null);
  }

  private String body(JobParameters.Notify notify, JobContext context) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("delivery", context.id().value());
    tree.put("gateway", node);
    tree.put("title", notify.title());
    tree.put("text", notify.text());
    if (notify.event() > 0) {
      List<LedgerEntry> found =
          ledger.find(
              new LedgerQuery(
                  java.util.Set.of(), null, null, null, null, null, null, notify.event() + 1, 1));
      found.forEach(entry -> tree.put("event", of(entry)));
    }
    return JobTrees.json(tree);
  }

  private static Map<String, Object> of(LedgerEntry entry) {
    AuditEvent event = entry.event();
    SessionId session = event.session();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("sequence", entry.sequence());
    tree.put("at", event.at().toString());
    tree.put("code", event.code().text());
    tree.put("actor", event.actor());
    tree.put("source", event.source());
    tree.put("session", session == null ? "" : session.value());
    tree.put("subject", event.subject());
    tree.put("details", event.details());
    return tree;
  }

  /// Signed with what the vault holds for that, else with the first line of the file.
  private String signature(Notices.Webhook webhook, String timestamp, byte[] body)
      throws IOException, WorkFailedException {
    try (Secret sealed = secrets.open(OwnSecret.WEBHOOK).orElse(null)) {
      return signature(sealed == null ? inFile(webhook) : sealed.bytes(), timestamp, body);
    } catch (VaultException e) {
      throw new WorkFailedException("not told: " + e.getMessage(), true, e);
    }
  }

  private static byte[] inFile(Notices.Webhook webhook) throws IOException, WorkFailedException {
    Path file =
        webhook
            .secretFile()
            .orElseThrow(
                () ->
                    new WorkFailedException(
                        "not told: there is nothing to sign with; set it: ongsung webhook secret",
                        true,
                        null));
    return firstLine(file).getBytes(StandardCharsets.UTF_8);
  }

  private static String signature(byte[] secret, String timestamp, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update((timestamp + ".").getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java platform has HmacSHA256
    }
  }

  private JobResult mail(Notices.Mail mail, JobParameters.Notify notify, JobContext context)
      throws IOException, WorkFailedException {
    Path file = mail.passwordFile().orElse(null);
    Instant now = clock.instant();
    new MailSender(mail, LONGEST)
        .send(
            notify.title(),
            notify.text(),
            context.id() + "@" + node,
            now,
            file == null ? null : firstLine(file));
    String answer = "taken by " + mail.server();
    context.log(answer);
    return new JobResult.Told(answer);
  }

  /// Read each time, so that a new secret counts at once.
  private static String firstLine(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String line =
          new String(in.readNBytes(MAX_SECRET_BYTES), StandardCharsets.UTF_8)
              .lines()
              .findFirst()
              .orElse("")
              .strip();
      if (line.isEmpty()) {
        throw new IOException("the file with the secret is empty");
      }
      return line;
    }
  }
}

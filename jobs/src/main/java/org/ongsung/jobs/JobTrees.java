package org.ongsung.jobs;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.Shown;
import org.ongsung.model.SshPublicKey;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// What is asked of jobs and what they answer as plain maps of texts, numbers, truths and lists,
/// for the store and the API; and those as JSON.
///
/// Which type comes out is said by the kind alone; no class is ever named by what is read. A field
/// that is not known, missing or of another form is an [IllegalArgumentException] that names it.
public final class JobTrees {
  private static final int MAX_DEPTH = 10;
  private static final int MAX_TEXT_CHARACTERS = 100_000;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(MAX_TEXT_CHARACTERS)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .build();

  private JobTrees() {}

  /// One line of JSON.
  public static String json(Map<String, Object> tree) {
    return JSON.writeValueAsString(tree);
  }

  /// A map from its JSON; throws [IllegalArgumentException] for what is none.
  public static Map<String, Object> tree(String json) {
    try {
      Map<String, Object> tree = JSON.readValue(json, new TypeReference<>() {});
      if (tree == null) {
        throw new IllegalArgumentException("not a JSON object");
      }
      return tree;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not a JSON object: " + e.getOriginalMessage(), e);
    }
  }

  /// What a job is told.
  public static Map<String, Object> of(JobParameters parameters) {
    Map<String, Object> tree = new LinkedHashMap<>();
    switch (parameters) {
      case JobParameters.ProbeTarget(Name target) -> tree.put("target", target.value());
      case JobParameters.CheckLogins(Name target) -> tree.put("target", target.value());
      case JobParameters.OpenSession(Name user, Name target, Name account) -> {
        tree.put("user", user.value());
        tree.put("target", target.value());
        tree.put("account", account.value());
      }
      case JobParameters.PurgeRecordings(int keepDays) -> tree.put("keepDays", keepDays);
      case JobParameters.MakeBackup(int keep) -> tree.put("keep", keep);
      case JobParameters.Notify(
              JobParameters.Notify.Channel channel,
              String title,
              String text,
              long event) -> {
        tree.put("channel", word(channel));
        tree.put("title", title);
        tree.put("text", text);
        if (event > 0) {
          tree.put("event", event);
        }
      }
      case JobParameters.BuildReport(
              JobParameters.BuildReport.Content content,
              JobParameters.BuildReport.Form form,
              Instant since,
              Instant until) -> {
        tree.put("content", word(content));
        tree.put("form", word(form));
        tree.put("since", since.toString());
        tree.put("until", until.toString());
      }
    }
    return tree;
  }

  /// What a job of `kind` is told.
  public static JobParameters parameters(JobKind kind, Map<String, Object> tree) {
    return switch (kind) {
      case PROBE -> {
        only(tree, Set.of("target"));
        yield new JobParameters.ProbeTarget(name(tree, "target"));
      }
      case LOGIN -> {
        only(tree, Set.of("target"));
        yield new JobParameters.CheckLogins(name(tree, "target"));
      }
      case SESSION -> {
        only(tree, Set.of("user", "target", "account"));
        yield new JobParameters.OpenSession(
            name(tree, "user"), name(tree, "target"), name(tree, "account"));
      }
      case PURGE -> {
        only(tree, Set.of("keepDays"));
        yield new JobParameters.PurgeRecordings(
            (int) number(tree, "keepDays", JobParameters.PurgeRecordings.MAX_DAYS));
      }
      case BACKUP -> {
        only(tree, Set.of("keep"));
        yield new JobParameters.MakeBackup(
            (int) number(tree, "keep", JobParameters.MakeBackup.MAX_KEPT));
      }
      case NOTIFY -> {
        only(tree, Set.of("channel", "title", "text", "event"));
        yield new JobParameters.Notify(
            word(tree, "channel", JobParameters.Notify.Channel.class),
            text(tree, "title"),
            tree.containsKey("text") ? text(tree, "text") : "",
            tree.containsKey("event") ? number(tree, "event", Long.MAX_VALUE) : 0);
      }
      case REPORT -> {
        only(tree, Set.of("content", "form", "since", "until"));
        yield new JobParameters.BuildReport(
            word(tree, "content", JobParameters.BuildReport.Content.class),
            word(tree, "form", JobParameters.BuildReport.Form.class),
            moment(tree, "since"),
            moment(tree, "until"));
      }
    };
  }

  /// What a job answered.
  public static Map<String, Object> of(JobResult result) {
    Map<String, Object> tree = new LinkedHashMap<>();
    switch (result) {
      case JobResult.Probed probed -> put(tree, probed);
      case JobResult.Way(String worker, JobResult.Probed probed) -> {
        tree.put("worker", worker);
        put(tree, probed);
      }
      case JobResult.Purged(long sessions, long recordings, long bytes, long held) -> {
        tree.put("sessions", sessions);
        tree.put("recordings", recordings);
        tree.put("bytes", bytes);
        tree.put("held", held);
      }
      case JobResult.Written(String name, long bytes, long rows, String sha256, int removed) -> {
        tree.put("name", name);
        tree.put("bytes", bytes);
        tree.put("rows", rows);
        tree.put("sha256", sha256);
        tree.put("removed", removed);
      }
      case JobResult.Told(String answer) -> tree.put("answer", answer);
      case JobResult.LoggedIn(List<JobResult.AccountLogin> accounts) ->
          tree.put("accounts", accounts.stream().map(JobTrees::of).toList());
    }
    return tree;
  }

  private static Map<String, Object> of(JobResult.AccountLogin login) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("account", login.account().value());
    tree.put("login", word(login.check()));
    tree.put("detail", login.detail());
    return tree;
  }

  private static JobResult.AccountLogin login(Map<String, Object> tree) {
    only(tree, Set.of("account", "login", "detail"));
    return new JobResult.AccountLogin(
        name(tree, "account"), word(tree, "login", LoginCheck.class), text(tree, "detail"));
  }

  private static void put(Map<String, Object> tree, JobResult.Probed probed) {
    tree.put("reachable", probed.reachable());
    tree.put("detail", probed.detail());
    tree.put("micros", probed.took().toNanos() / 1_000);
    tree.put("software", probed.software());
    tree.put("fingerprint", probed.fingerprint());
    tree.put("hostKey", word(probed.hostKey()));
  }

  /// What a job of `kind` answers.
  public static JobResult result(JobKind kind, Map<String, Object> tree) {
    return switch (kind) {
      case PROBE -> {
        only(tree, Set.of("reachable", "detail", "micros", "software", "fingerprint", "hostKey"));
        yield probed(tree);
      }
      case LOGIN -> {
        only(tree, Set.of("accounts"));
        if (!(tree.get("accounts") instanceof List<?> accounts)) {
          throw new IllegalArgumentException("accounts is a list");
        }
        yield new JobResult.LoggedIn(
            accounts.stream().map(one -> login(map(one, "accounts"))).toList());
      }
      case SESSION -> {
        only(
            tree,
            Set.of(
                "worker", "reachable", "detail", "micros", "software", "fingerprint", "hostKey"));
        yield new JobResult.Way(text(tree, "worker"), probed(tree));
      }
      case PURGE -> {
        only(tree, Set.of("sessions", "recordings", "bytes", "held"));
        yield new JobResult.Purged(
            number(tree, "sessions", Long.MAX_VALUE),
            number(tree, "recordings", Long.MAX_VALUE),
            number(tree, "bytes", Long.MAX_VALUE),
            number(tree, "held", Long.MAX_VALUE));
      }
      case BACKUP, REPORT -> {
        only(tree, Set.of("name", "bytes", "rows", "sha256", "removed"));
        yield new JobResult.Written(
            text(tree, "name"),
            number(tree, "bytes", Long.MAX_VALUE),
            number(tree, "rows", Long.MAX_VALUE),
            text(tree, "sha256"),
            (int) number(tree, "removed", Integer.MAX_VALUE));
      }
      case NOTIFY -> {
        only(tree, Set.of("answer"));
        yield new JobResult.Told(text(tree, "answer"));
      }
    };
  }

  /// Whether `result` is what a job of `kind` answers.
  static boolean fits(JobKind kind, JobResult result) {
    return switch (result) {
      case JobResult.Probed _ -> kind == JobKind.PROBE;
      case JobResult.LoggedIn _ -> kind == JobKind.LOGIN;
      case JobResult.Way _ -> kind == JobKind.SESSION;
      case JobResult.Purged _ -> kind == JobKind.PURGE;
      case JobResult.Written _ -> kind == JobKind.BACKUP || kind == JobKind.REPORT;
      case JobResult.Told _ -> kind == JobKind.NOTIFY;
    };
  }

  private static JobResult.Probed probed(Map<String, Object> tree) {
    return new JobResult.Probed(
        truth(tree, "reachable"),
        text(tree, "detail"),
        Duration.ofNanos(
            Math.multiplyExact(number(tree, "micros", Long.MAX_VALUE / 1_000), 1_000L)),
        text(tree, "software"),
        text(tree, "fingerprint"),
        word(tree, "hostKey", HostKeyCheck.class));
  }

  /// A leased job, for a worker elsewhere.
  public static Map<String, Object> of(LeasedJob job) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", job.id().value());
    tree.put("kind", job.parameters().kind().text());
    tree.put("parameters", of(job.parameters()));
    tree.put("token", job.token());
    tree.put("attempt", job.attempt());
    tree.put("leasedUntil", job.leasedUntil().toString());
    tree.put("renewMillis", job.renewEvery().toMillis());
    tree.put("longestMillis", job.longest().toMillis());
    Destination destination = job.destination();
    if (destination != null) {
      tree.put("destination", of(destination));
    }
    return tree;
  }

  private static Map<String, Object> of(Destination destination) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("target", destination.target().value());
    tree.put("protocol", destination.protocol().text());
    tree.put("address", destination.address().toString());
    tree.put("hostKeys", destination.hostKeys().stream().map(SshPublicKey::line).toList());
    return tree;
  }

  /// A leased job as a worker elsewhere got it. Fields that are not known are left aside, so that a
  /// worker of this version can serve a gateway of the next.
  public static LeasedJob leased(Map<String, Object> tree) {
    JobKind kind = JobKind.of(text(tree, "kind"));
    Object destination = tree.get("destination");
    return new LeasedJob(
        new JobId(text(tree, "id")),
        parameters(kind, map(tree.get("parameters"), "parameters")),
        text(tree, "token"),
        (int) number(tree, "attempt", Integer.MAX_VALUE),
        moment(tree, "leasedUntil"),
        Duration.ofMillis(number(tree, "renewMillis", Integer.MAX_VALUE)),
        Duration.ofMillis(number(tree, "longestMillis", Integer.MAX_VALUE)),
        destination == null ? null : destination(map(destination, "destination")));
  }

  private static Destination destination(Map<String, Object> tree) {
    Protocol protocol = Protocol.of(text(tree, "protocol"));
    List<SshPublicKey> keys = new ArrayList<>();
    if (tree.get("hostKeys") instanceof List<?> lines) {
      for (Object line : lines) {
        keys.add(SshPublicKey.parse(String.valueOf(line)));
      }
    }
    return new Destination(
        name(tree, "target"),
        protocol,
        HostAndPort.parse(text(tree, "address"), protocol.defaultPort()),
        keys);
  }

  /// A map with texts for keys; throws [IllegalArgumentException] that names `field` for what is
  /// none.
  public static Map<String, Object> map(@Nullable Object value, String field) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(field + " is an object");
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    map.forEach((key, one) -> tree.put(String.valueOf(key), one));
    return tree;
  }

  private static void only(Map<String, Object> tree, Set<String> known) {
    for (String field : tree.keySet()) {
      if (!known.contains(field)) {
        throw new IllegalArgumentException("not a field here: " + Shown.quoted(field));
      }
    }
  }

  private static Name name(Map<String, Object> tree, String field) {
    return Name.of(text(tree, field));
  }

  /// The text of a field.
  public static String text(Map<String, Object> tree, String field) {
    if (tree.get(field) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(field + " is a text");
  }

  /// The number of a field, from 0 to `most`.
  public static long number(Map<String, Object> tree, String field, long most) {
    if (tree.get(field) instanceof Number number
        && (number instanceof Integer || number instanceof Long)
        && number.longValue() >= 0
        && number.longValue() <= most) {
      return number.longValue();
    }
    throw new IllegalArgumentException(field + " is a number from 0 to " + most);
  }

  /// The truth of a field.
  public static boolean truth(Map<String, Object> tree, String field) {
    if (tree.get(field) instanceof Boolean truth) {
      return truth;
    }
    throw new IllegalArgumentException(field + " is true or false");
  }

  /// The moment of a field, ISO 8601.
  public static Instant moment(Map<String, Object> tree, String field) {
    try {
      return java.time.OffsetDateTime.parse(text(tree, field)).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(field + " is a time like 2026-01-31T09:00:00Z", e);
    }
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <E extends Enum<E>> E word(
      Map<String, Object> tree, String field, Class<E> words) {
    String text = text(tree, field);
    for (E value : words.getEnumConstants()) {
      if (word(value).equals(text)) {
        return value;
      }
    }
    throw new IllegalArgumentException(field + " cannot be " + Shown.quoted(text));
  }
}

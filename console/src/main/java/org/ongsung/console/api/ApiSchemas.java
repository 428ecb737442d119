package org.ongsung.console.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The schemas of the API's bodies (JSON Schema 2020-12), written in a shorthand: `name` is a text,
/// `name#` an integer, `name!` a truth, `name[]` a list of texts, `name{}` a map of texts, `name:S`
/// an `S`, `name[]:S` a list of `S`, `name@` a moment; a `?` behind the name means that it may be
/// missing or null.
final class ApiSchemas {
  private ApiSchemas() {}

  static Map<String, Object> all() {
    Map<String, Object> schemas = new TreeMap<>();
    put(schemas, "Error", "error:Problem");
    put(schemas, "FrontCheck", "ticket");
    put(schemas, "FrontSeen", "source", "way", "secure!", "host");
    put(schemas, "FrontUpload", "bytes#", "mostBytes#");
    put(schemas, "Problem", "code", "message", "id", "problems[]?");
    put(schemas, "Login", "name", "password");
    put(schemas, "LoginAnswer", "token", "id", "expiresAt@?");
    put(schemas, "NewToken", "label", "expiresAt@?");
    put(schemas, "MadeToken", "token", "id", "expiresAt@?");
    put(schemas, "Me", "name", "title", "roles[]", "factors", "source", "language");
    put(schemas, "OwnLanguage", "language");
    put(schemas, "Keys", "keys[]:Key");
    put(schemas, "Key", "id", "algorithm", "fingerprint", "comment");
    put(schemas, "NewKey", "current", "key");
    put(schemas, "OwnPassword", "current", "password");
    put(schemas, "Password", "password");
    put(schemas, "Reason", "reason");
    put(schemas, "MyTargets", "targets[]:MyTarget");
    put(schemas, "MyTarget", "target", "title", "protocol", "labels[]", "accounts[]:MyAccount");
    put(schemas, "MyAccount", "account", "grant", "may[]", "until@?", "commands{}", "link");
    putWall(schemas);
    put(schemas, "Tokens", "tokens[]:Token");
    put(
        schemas,
        "Token",
        "id",
        "user",
        "purpose",
        "label",
        "source",
        "createdAt@",
        "expiresAt@?",
        "lastUsedAt@?");
    putDirectory(schemas);
    putSessions(schemas);
    put(schemas, "FoundLines", "lines[]:FoundLine", "next?", "partial!");
    put(
        schemas,
        "FoundLine",
        "session",
        "channel#",
        "kind",
        "user",
        "target",
        "number#",
        "at@",
        "direction",
        "prompt",
        "text",
        "offsetMillis#",
        "before[]:TranscriptLine",
        "after[]:TranscriptLine");
    put(schemas, "Transcript", "lines[]:TranscriptLine", "next#?");
    put(schemas, "TranscriptLine", "number#", "at@", "direction", "prompt", "text");
    put(schemas, "LedgerPage", "entries[]:LedgerEntry", "before#?");
    put(
        schemas,
        "LedgerEntry",
        "sequence#",
        "at@",
        "code",
        "actor",
        "source",
        "session?",
        "subject",
        "details{}");
    putJobs(schemas);
    put(schemas, "Held", "process", "held[]");
    put(schemas, "Dials", "dials[]:Dial", "gone[]", "resumeMillis#");
    put(schemas, "Dial", "id", "address");
    put(schemas, "PassageOpened", "process");
    put(schemas, "PassageRefused", "process", "reason");
    put(schemas, "PassageTaken", "taken#");
    put(schemas, "Blocks", "blocks[]:Block");
    put(schemas, "Block", "key", "address", "lastUser", "failures#", "turnedAway#", "until@");
    put(
        schemas,
        "Status",
        "version",
        "now@",
        "liveSessions#",
        "openRecordings#",
        "startedSessions#",
        "refusedSessions#",
        "terminatedSessions#",
        "usableRecordingBytes#",
        "lateWrites#",
        "searchLinesBehind#",
        "directoryVersion#");
    schemas.put("OpenApi", Map.of("type", "object"));
    return schemas;
  }

  private static void putWall(Map<String, Object> schemas) {
    put(schemas, "Quick", "protocol?", "address");
    put(schemas, "QuickFound", "targets[]", "registered!", "full!");
    put(schemas, "Import", "format", "text", "dryRun!?");
    put(
        schemas,
        "Wall",
        "starred[]:WallTarget",
        "recent[]:WallTarget",
        "often[]:WallTarget",
        "others[]:WallTarget",
        "more!");
    put(
        schemas,
        "NewNotice",
        "title",
        "text?",
        "sticky!?",
        "shownFrom@?",
        "shownUntil@?",
        "groups[]?");
    put(schemas, "Notices", "notices[]:Notice");
    put(
        schemas,
        "Notice",
        "name",
        "title",
        "text",
        "sticky!",
        "shownFrom@?",
        "shownUntil@?",
        "groups[]",
        "changedAt@",
        "changedBy");
    put(schemas, "NewLink", "title", "address", "remark?", "rank#?", "groups[]?");
    put(schemas, "Links", "links[]:Link");
    put(schemas, "Link", "name", "title", "address", "remark", "rank#", "groups[]");
    put(schemas, "WallFound", "targets[]:WallTarget", "more!");
    put(
        schemas,
        "WallTarget",
        "target",
        "title",
        "protocol",
        "labels[]",
        "accounts[]:MyAccount",
        "starred!",
        "sessions#",
        "last@?");
  }

  private static void putJobs(Map<String, Object> schemas) {
    schemas.put("JobTree", Map.of("type", "object"));
    put(schemas, "NewJob", "kind", "parameters:JobTree", "key?", "notBefore@?", "deadline@?");
    put(schemas, "Jobs", "jobs[]:Job", "before?");
    put(
        schemas,
        "Job",
        "id",
        "kind",
        "parameters:JobTree",
        "subject",
        "owner",
        "key?",
        "schedule?",
        "rerunOf?",
        "node?",
        "state",
        "attempt#",
        "worker?",
        "percent#",
        "note",
        "createdAt@",
        "notBefore@",
        "deadline@?",
        "startedAt@?",
        "endedAt@?",
        "waitedSeconds#",
        "ranSeconds#",
        "result:JobTree?",
        "summary",
        "cancelledBy?");
    put(schemas, "NewConnection", "target", "account");
    put(
        schemas,
        "Connection",
        "id",
        "target",
        "account",
        "state",
        "fingerprint",
        "commands{}",
        "terminal!");
    put(schemas, "NewTerminal", "target", "account?", "columns#?", "rows#?");
    put(schemas, "Terminal", "id");
    put(schemas, "TerminalInput", "typed?", "at#?", "columns#?", "rows#?", "seen#?");
    put(schemas, "NewTunnel", "target", "account", "protocol?");
    put(
        schemas,
        "Tunnel",
        "target",
        "account",
        "protocol",
        "host",
        "port#",
        "login?",
        "until@",
        "url",
        "command");
    put(schemas, "Schedules", "schedules[]:Schedule");
    put(
        schemas,
        "Schedule",
        "name",
        "kind",
        "parameters:JobTree",
        "cron",
        "zone?",
        "active!?",
        "owner?",
        "node?",
        "next@?");
    put(schemas, "NewWorker", "name");
    put(schemas, "Workers", "workers[]:Worker");
    put(
        schemas,
        "Worker",
        "id?",
        "name",
        "inGateway!",
        "kinds[]",
        "createdAt@?",
        "seenAt@?",
        "atWork#",
        "carried#?");
    put(schemas, "WorkerName", "name");
    put(schemas, "Take", "kinds[]", "most#", "token");
    put(schemas, "Taken", "jobs[]:LeasedJob");
    put(
        schemas,
        "LeasedJob",
        "id",
        "kind",
        "parameters:JobTree",
        "token",
        "attempt#",
        "leasedUntil@",
        "renewMillis#",
        "longestMillis#",
        "destination:JobTree?");
    put(schemas, "WebhookSecret", "secret");
    put(schemas, "LeaseToken", "token");
    put(schemas, "JobReport", "token", "percent#", "note", "lines[]:JobLogLine");
    put(schemas, "JobCompletion", "token", "kind", "result:JobTree");
    put(schemas, "JobFailure", "token", "problem", "again!");
    put(schemas, "LeaseAnswer", "answer");
    put(schemas, "JobLog", "lines[]:JobLogLine", "offset#?");
    put(schemas, "JobLogLine", "attempt#", "number#", "at@", "text");
  }

  private static void putDirectory(Map<String, Object> schemas) {
    put(schemas, "Users", "users[]:User");
    put(
        schemas,
        "User",
        "name",
        "title?",
        "roles[]?",
        "groups[]?",
        "active!?",
        "password:Given?",
        "publicKeys[]?",
        "language?");
    put(schemas, "Groups", "groups[]:Group");
    put(schemas, "Group", "name", "title?");
    put(schemas, "Targets", "targets[]:Target");
    put(
        schemas,
        "Target",
        "name",
        "title?",
        "protocol",
        "address",
        "labels{}?",
        "hostKeys:HostKeys?",
        "prompts:Prompts?",
        "encoding?",
        "accounts[]:Account?");
    put(schemas, "Prompts", "login[]?", "password[]?", "ready[]?", "refused[]?");
    put(schemas, "Account", "name", "login?", "password:Given?", "privateKey:Given?");
    put(schemas, "Grants", "grants[]:Grant");
    put(
        schemas,
        "Grant",
        "name",
        "who:Who",
        "where:Where",
        "as[]",
        "may[]",
        "from[]?",
        "until@?",
        "limits:Limits?");
    put(schemas, "Who", "users[]?", "groups[]?");
    put(schemas, "Where", "targets[]?", "labels{}?");
    put(schemas, "Limits", "idle?", "duration?", "sessions#?");
    schemas.put(
        "Given",
        Map.of("description", "A secret on its way in: {plain: …}, {argon2id: …} or \"none\"."));
    schemas.put(
        "HostKeys",
        Map.of("description", "\"trust-on-first-use\", or a list of public key lines."));
    put(
        schemas,
        "AccessFile",
        "users[]:User",
        "groups[]:Group?",
        "targets[]:Target",
        "grants[]:Grant");
    put(schemas, "Apply", "document:AccessFile", "prune!?", "dryRun!?");
    put(schemas, "Applied", "differences[]:Difference", "notes[]", "applied!");
    put(schemas, "Difference", "kind", "name", "action", "changes[]:Change");
    put(schemas, "Change", "field", "before", "after");
    put(schemas, "Reach", "rows[]:ReachRow");
    put(schemas, "ReachRow", "user", "target", "account", "grant", "may[]", "from[]", "until@?");
  }

  private static void putSessions(Map<String, Object> schemas) {
    put(schemas, "Sessions", "sessions[]:Session", "before?");
    put(
        schemas,
        "Session",
        "id",
        "state",
        "user",
        "target",
        "account",
        "login",
        "protocol",
        "grant",
        "factors",
        "source",
        "client",
        "node",
        "startedAt@",
        "endedAt@?",
        "cause?",
        "causeDetails{}?",
        "reason?",
        "endedBy?",
        "bytesFromClient#?",
        "bytesToClient#?");
    put(
        schemas,
        "SessionDetail",
        "session:Session",
        "channels[]:Channel",
        "files[]:FileOperation",
        "retention:Retention",
        "filesOffset#?",
        "channelsFrom#?");
    put(schemas, "Retention", "held:Hold?", "purged:Purge?");
    put(schemas, "Hold", "by", "at@", "reason");
    put(schemas, "Purge", "at@", "recordings#", "bytes#");
    put(schemas, "Channel", "number#", "kind", "subject", "openedAt@", "end:ChannelEnd?");
    put(
        schemas,
        "ChannelEnd",
        "at@",
        "exitStatus#?",
        "exitSignal?",
        "bytesFromClient#",
        "bytesToClient#",
        "sha256FromClient?",
        "sha256ToClient?",
        "replaced#",
        "complete!");
    put(schemas, "Timeline", "version#", "duration#", "segments[]:TimelineSegment");
    put(schemas, "TimelineSegment", "start#", "url");
    put(schemas, "TimelinePart", "snapshot:Snapshot");
    put(schemas, "Snapshot", "cols#", "rows#", "init");
    put(
        schemas,
        "FileOperation",
        "channel#",
        "at@",
        "kind",
        "path",
        "otherPath",
        "detail",
        "bytesRead#",
        "bytesWritten#",
        "result");
  }

  private static void put(Map<String, Object> schemas, String name, String... fields) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (String field : fields) {
      boolean optional = field.endsWith("?");
      String text = optional ? field.substring(0, field.length() - 1) : field;
      String plain = text.replaceFirst("(\\[]|\\{}|[#!@])?(:.*)?$", "");
      properties.put(plain, schema(text.substring(plain.length()), optional));
      if (!optional) {
        required.add(plain);
      }
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    schema.put("required", required);
    schemas.put(name, schema);
  }

  private static Map<String, Object> schema(String shape, boolean optional) {
    int colon = shape.indexOf(':');
    if (colon >= 0) {
      Map<String, Object> one =
          Map.of("$ref", "#/components/schemas/" + shape.substring(colon + 1));
      return shape.startsWith("[]") ? Map.of("type", "array", "items", one) : one;
    }
    return switch (shape) {
      case "[]" -> Map.of("type", "array", "items", Map.of("type", "string"));
      case "{}" -> Map.of("type", "object", "additionalProperties", Map.of("type", "string"));
      case "#" -> Map.of("type", orNull("integer", optional));
      case "!" -> Map.of("type", orNull("boolean", optional));
      case "@" -> Map.of("type", orNull("string", optional), "format", "date-time");
      default -> Map.of("type", orNull("string", optional));
    };
  }

  private static Object orNull(String type, boolean optional) {
    return optional ? List.of(type, "null") : type;
  }
}

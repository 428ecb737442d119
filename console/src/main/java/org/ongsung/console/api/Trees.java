package org.ongsung.console.api;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.services.ReachRow;
import org.ongsung.console.services.Reachable;
import org.ongsung.directory.Difference;
import org.ongsung.directory.access.AccessResult;
import org.ongsung.model.FileOperation;
import org.ongsung.model.Session;
import org.ongsung.model.SessionChannel;
import org.ongsung.policy.AccessToken;
import org.ongsung.policy.LoginBlock;
import org.ongsung.recording.Retention;

/// How the nouns look in JSON: maps in a fixed order, times in ISO 8601 with `Z`, words as the
/// model writes them.
final class Trees {
  private Trees() {}

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  static Map<String, @Nullable Object> of(Session session) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("id", session.id().value());
    tree.put("state", session.state().text());
    tree.put("user", session.user().value());
    tree.put("target", session.target().value());
    tree.put("account", session.account().value());
    tree.put("login", session.login());
    tree.put("protocol", session.protocol().text());
    tree.put("grant", session.grant().value());
    tree.put("factors", session.factors());
    tree.put("source", session.source());
    tree.put("client", session.client());
    tree.put("node", session.node());
    tree.put("startedAt", text(session.startedAt()));
    Session.End end = session.end();
    if (end != null) {
      tree.put("endedAt", text(end.at()));
      tree.put("cause", end.reason().code().text());
      tree.put("causeDetails", end.reason().parameters());
      tree.put("reason", end.reason().text());
      tree.put("endedBy", end.by() == null ? null : end.by().value());
      tree.put("bytesFromClient", end.bytesFromClient());
      tree.put("bytesToClient", end.bytesToClient());
    }
    return tree;
  }

  static Map<String, @Nullable Object> of(Retention retention) {
    Retention.Hold hold = retention.hold();
    Retention.Purge purge = retention.purge();
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("held", hold == null ? null : of(hold));
    tree.put("purged", purge == null ? null : of(purge));
    return tree;
  }

  private static Map<String, Object> of(Retention.Hold hold) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("by", hold.by());
    tree.put("at", hold.at().toString());
    tree.put("reason", hold.reason());
    return tree;
  }

  private static Map<String, Object> of(Retention.Purge purge) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("at", purge.at().toString());
    tree.put("recordings", purge.recordings());
    tree.put("bytes", purge.bytes());
    return tree;
  }

  static Map<String, @Nullable Object> of(SessionChannel channel) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("number", channel.number());
    tree.put("kind", channel.kind().text());
    tree.put("subject", channel.subject());
    tree.put("openedAt", text(channel.openedAt()));
    SessionChannel.End end = channel.end();
    tree.put("end", end == null ? null : of(end));
    return tree;
  }

  private static Map<String, @Nullable Object> of(SessionChannel.End end) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("at", text(end.at()));
    tree.put("exitStatus", end.exitStatus());
    tree.put("exitSignal", end.exitSignal());
    tree.put("bytesFromClient", end.bytesFromClient());
    tree.put("bytesToClient", end.bytesToClient());
    tree.put("sha256FromClient", end.sha256FromClient());
    tree.put("sha256ToClient", end.sha256ToClient());
    tree.put("replaced", end.replaced());
    tree.put("complete", end.complete());
    return tree;
  }

  static Map<String, @Nullable Object> of(FileOperation file) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("channel", file.channel());
    tree.put("at", text(file.at()));
    tree.put("kind", file.kind());
    tree.put("path", file.path());
    tree.put("otherPath", file.otherPath());
    tree.put("detail", file.detail());
    tree.put("bytesRead", file.bytesRead());
    tree.put("bytesWritten", file.bytesWritten());
    tree.put("result", file.result());
    return tree;
  }

  static Map<String, @Nullable Object> of(Reachable reachable) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("target", reachable.target());
    tree.put("title", reachable.title());
    tree.put("protocol", reachable.protocol());
    tree.put("labels", reachable.labels());
    tree.put("accounts", reachable.accounts().stream().map(Trees::of).toList());
    return tree;
  }

  private static Map<String, @Nullable Object> of(Reachable.AccountWay way) {
    Map<String, Object> commands = new LinkedHashMap<>();
    way.commands().forEach(command -> commands.put(command.program(), command.line()));
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("account", way.account());
    tree.put("grant", way.grant());
    tree.put("may", way.may());
    tree.put("until", text(way.until()));
    tree.put("commands", commands);
    tree.put("link", way.link());
    return tree;
  }

  static Map<String, @Nullable Object> of(ReachRow row) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("user", row.user());
    tree.put("target", row.target());
    tree.put("account", row.account());
    tree.put("grant", row.grant());
    tree.put("may", row.may());
    tree.put("from", row.from());
    tree.put("until", row.until() == null ? null : row.until().toString());
    return tree;
  }

  static Map<String, @Nullable Object> of(AccessToken token) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("id", token.id());
    tree.put("user", token.actor());
    tree.put("purpose", token.purpose().text());
    tree.put("label", token.label());
    tree.put("source", token.source());
    tree.put("createdAt", text(token.createdAt()));
    tree.put("expiresAt", text(token.expiresAt()));
    tree.put("lastUsedAt", text(token.lastUsedAt()));
    return tree;
  }

  static Map<String, @Nullable Object> of(LoginBlock block) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("key", block.key());
    tree.put("address", block.address());
    tree.put("lastUser", block.lastUser());
    tree.put("failures", block.failures());
    tree.put("turnedAway", block.turnedAway());
    tree.put("until", text(block.until()));
    return tree;
  }

  static Map<String, @Nullable Object> of(AccessResult result) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("differences", result.differences().stream().map(Trees::of).toList());
    tree.put("notes", result.notes());
    tree.put("applied", result.applied());
    return tree;
  }

  private static Map<String, @Nullable Object> of(Difference difference) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("kind", difference.kind().text());
    tree.put("name", difference.name().value());
    tree.put("action", difference.action().text());
    List<Map<String, String>> changes =
        difference.changes().stream()
            .map(
                change -> {
                  Map<String, String> one = new LinkedHashMap<>();
                  one.put("field", change.field());
                  one.put("before", change.before());
                  one.put("after", change.after());
                  return one;
                })
            .toList();
    tree.put("changes", changes);
    return tree;
  }
}

package org.ongsung.store;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ongsung.model.Account;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Capability;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.FileOperation;
import org.ongsung.model.Grant;
import org.ongsung.model.Group;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.LanguageChoice;
import org.ongsung.model.LoginPrompts;
import org.ongsung.model.Name;
import org.ongsung.model.Network;
import org.ongsung.model.PasswordHash;
import org.ongsung.model.Protocol;
import org.ongsung.model.Role;
import org.ongsung.model.SecretKind;
import org.ongsung.model.Session;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Target;
import org.ongsung.model.TextEncoding;
import org.ongsung.model.Title;
import org.ongsung.model.User;
import org.ongsung.vault.SecretId;

/// Entries to store, with every field filled by something that could go wrong.
final class Samples {
  static final Instant NOW = Instant.parse("2026-03-01T09:30:00.123456Z");
  static final SshPublicKey KEY =
      SshPublicKey.parse(
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJhc2U2NCBvZiB0aGlydHktdHdvIGJ5dGVzISEh 앨리스 @ laptop");

  private Samples() {}

  static User alice() {
    return new User(
        Name.of("alice"),
        new Title("김앨리스 \"A\" \\ '😀'"),
        Set.of(Role.USER, Role.AUDITOR),
        Set.of(Name.of("ops"), Name.of("dev")),
        true,
        new PasswordHash("$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA"),
        List.of(KEY),
        LanguageChoice.KOREAN);
  }

  static User bob() {
    return new User(Name.of("bob"), Title.NONE, Set.of(), Set.of(), false, null, List.of());
  }

  static Group ops() {
    return new Group(Name.of("ops"), new Title("운영"));
  }

  static Target web1() {
    return new Target(
        Name.of("web-1"),
        new Title("웹 서버 1"),
        Protocol.SSH,
        new HostAndPort("::1", 22022),
        Map.of("env", "prod", "팀", "인프라", "empty", ""),
        HostKeyPolicy.TRUST_ON_FIRST_USE,
        List.of(KEY),
        List.of(
            new Account(Name.of("root"), "root", Set.of()),
            new Account(Name.of("app"), "앱 사용자", Set.of())),
        LoginPrompts.USUAL,
        TextEncoding.EUC_KR);
  }

  static Target with(Target target, Account... accounts) {
    return new Target(
        target.name(),
        target.title(),
        target.protocol(),
        target.address(),
        target.labels(),
        target.hostKeyPolicy(),
        target.hostKeys(),
        List.of(accounts),
        target.prompts(),
        target.encoding());
  }

  static SecretId rootPassword() {
    return new SecretId(Name.of("web-1"), Name.of("root"), SecretKind.PASSWORD);
  }

  static Grant opsOnProd() {
    return new Grant(
        Name.of("ops-on-prod"),
        new Grant.Who(Set.of(Name.of("alice")), Set.of(Name.of("ops"))),
        new Grant.Where(Set.of(Name.of("web-1")), Map.of("env", "prod")),
        Set.of(Name.of("root"), Name.of("app")),
        Set.of(Capability.values()),
        List.of(Network.parse("127.0.0.0/8"), Network.parse("2001:db8::/32")),
        OffsetDateTime.parse("2030-01-01T00:00:00.5+09:00"),
        new Grant.Limits(Duration.ofMinutes(30), Duration.ofMillis(28_800_001), 10));
  }

  static Grant boundless() {
    return new Grant(
        Name.of("boundless"),
        new Grant.Who(Set.of(), Set.of()),
        new Grant.Where(Set.of(), Map.of()),
        Set.of(),
        Set.of(),
        List.of(),
        null,
        Grant.Limits.NONE);
  }

  static Session session(Instant start, String user, String target) {
    return session(start, user, target, "root");
  }

  static Session session(Instant start, String user, String target, String account) {
    return new Session(
        SessionId.create(start),
        Name.of(user),
        Name.of(target),
        Name.of(account),
        "root 로그인",
        Protocol.SSH,
        Name.of("ops-on-prod"),
        "publickey " + KEY.fingerprint(),
        "192.0.2.7",
        "SSH-2.0-OpenSSH_9.2p1",
        "node-1",
        start,
        null);
  }

  static SessionChannel channel(Session session, int number, ChannelKind kind, String subject) {
    return new SessionChannel(
        session.id(), number, kind, subject, session.startedAt().plusMillis(number), null);
  }

  static FileOperation rename(Session session, int channel, String path) {
    return new FileOperation(
        session.id(), channel, NOW, "rename", path, path + ".새", "", 0, 0, "ok");
  }

  static AuditEvent event(Instant at, AuditCode code, String actor, String subject) {
    return new AuditEvent(at, code, actor, "192.0.2.7", null, subject, Map.of());
  }
}

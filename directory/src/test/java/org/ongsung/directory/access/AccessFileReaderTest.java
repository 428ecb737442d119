package org.ongsung.directory.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.directory.Problem;
import org.ongsung.model.Capability;
import org.ongsung.model.Grant;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.LanguageChoice;
import org.ongsung.model.Name;
import org.ongsung.model.Network;
import org.ongsung.model.Role;
import org.ongsung.model.TextEncoding;

class AccessFileReaderTest {
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJEKPuHfzXHyOTwcUlNTxMRDQJDXuWRgq6sPFgbOGLCm alice@laptop";

  @TempDir Path folder;

  @BeforeEach
  void keyFile() throws Exception {
    Files.createDirectory(folder.resolve("keys"));
    keygen(folder.resolve("keys/web-1"), "ed25519", "");
  }

  private static void keygen(Path file, String type, String passphrase) throws Exception {
    Process keygen =
        new ProcessBuilder(
                "ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", "", "-f", file.toString())
            .inheritIO()
            .start();
    assertThat(keygen.waitFor()).isZero();
  }

  @Test
  void theFileOfTheManualWorksAsWritten() throws Exception {
    AccessDocument document =
        read(
            """
            users:
              - name: alice
                title: 김앨리스
                roles: [user]
                groups: [ops]
                password: {plain: "correct horse"}      # hashed on arrival
                publicKeys: ["%s"]
            targets:
              - name: web-1
                protocol: ssh
                address: 127.0.0.1:22022
                labels: {env: prod}
                hostKeys: ["%s"]         # or: hostKeys: trust-on-first-use
                accounts:
                  - name: root
                    privateKeyFile: keys/web-1           # read once and sealed
            grants:
              - name: ops-on-prod
                who: {groups: [ops]}                     # and/or users: [...]
                where: {labels: {env: prod}}             # and/or targets: [...]
                as: [root]
                may: [shell, exec, sftp, local-forward, remote-forward, agent-forward, x11]
                from: [127.0.0.0/8]                      # optional source networks
                until: 2030-01-01T00:00:00+09:00         # optional
                limits: {idle: 30m, duration: 8h, sessions: 10}   # optional
            """
                .formatted(KEY, KEY));

    UserEntry alice = document.users().getFirst();
    assertThat(alice.title().value()).isEqualTo("김앨리스");
    assertThat(alice.roles()).containsExactly(Role.USER);
    assertThat(alice.groups()).containsExactly(Name.of("ops"));
    assertThat(alice.active()).isTrue();
    assertThat(alice.password()).isEqualTo(new Given.Plain("correct horse"));
    assertThat(alice.publicKeys().getFirst().line()).isEqualTo(KEY);

    TargetEntry web = document.targets().getFirst();
    assertThat(web.address()).isEqualTo(new HostAndPort("127.0.0.1", 22022));
    assertThat(web.labels()).isEqualTo(Map.of("env", "prod"));
    assertThat(web.hostKeyPolicy()).isEqualTo(HostKeyPolicy.PINNED);
    assertThat(web.hostKeys().getFirst().line()).isEqualTo(KEY);
    AccountEntry root = web.accounts().getFirst();
    assertThat(root.login()).isEqualTo("root");
    assertThat(root.password()).isNull();
    assertThat(root.privateKey())
        .isEqualTo(new Given.Plain(Files.readString(folder.resolve("keys/web-1"))));

    assertThat(document.grants())
        .containsExactly(
            new Grant(
                Name.of("ops-on-prod"),
                new Grant.Who(Set.of(), Set.of(Name.of("ops"))),
                new Grant.Where(Set.of(), Map.of("env", "prod")),
                Set.of(Name.of("root")),
                EnumSet.allOf(Capability.class),
                List.of(Network.parse("127.0.0.0/8")),
                OffsetDateTime.parse("2030-01-01T00:00:00+09:00"),
                new Grant.Limits(Duration.ofMinutes(30), Duration.ofHours(8), 10)));
  }

  @Test
  void everyVariantIsRead() throws Exception {
    Path password = secretFile("pw", "s3cret word\n");
    AccessDocument document =
        read(
            """
            groups:
              - name: ops
                title: 운영
            users:
              - name: bob
                active: false
                password: {argon2id: "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAA"}
              - {name: carol, roles: [admin, auditor], password: none}
            targets:
              - name: db-1
                protocol: ssh
                address: "[::1]"
                hostKeys: trust-on-first-use
                accounts:
                  - {name: a, login: "Web Master", passwordFile: pw}
                  - {name: b, passwordFile: "%s", privateKeyFile: keys/web-1}
                  - {name: c, password: {plain: x}}
                  - {name: d, password: none, privateKey: none}
                  - {name: e}
            grants:
              - name: g
                who: {users: [bob], groups: [ops]}
                where: {targets: [db-1], labels: {a: "1", b: "2"}}
                as: [a, b]
                may: [shell]
            """
                .formatted(password));
    assertThat(document.groups().getFirst().title().value()).isEqualTo("운영");
    assertThat(document.users().get(0).active()).isFalse();
    assertThat(document.users().get(0).password()).isInstanceOf(Given.Hashed.class);
    assertThat(document.users().get(1).roles()).containsOnly(Role.ADMIN, Role.AUDITOR);
    assertThat(document.users().get(1).password()).isEqualTo(new Given.None());
    TargetEntry db = document.targets().getFirst();
    assertThat(db.address()).isEqualTo(new HostAndPort("::1", 22));
    assertThat(db.hostKeyPolicy()).isEqualTo(HostKeyPolicy.TRUST_ON_FIRST_USE);
    assertThat(db.accounts().get(0).login()).isEqualTo("Web Master");
    assertThat(db.accounts().get(0).password()).isEqualTo(new Given.Plain("s3cret word"));
    assertThat(db.accounts().get(1).password()).isEqualTo(new Given.Plain("s3cret word"));
    assertThat(db.accounts().get(1).privateKey()).isInstanceOf(Given.Plain.class);
    assertThat(db.accounts().get(2).password()).isEqualTo(new Given.Plain("x"));
    assertThat(db.accounts().get(3).privateKey()).isEqualTo(new Given.None());
    assertThat(db.accounts().get(4).password()).isNull();
  }

  @Test
  void everyProblemIsToldWithItsLineAndColumn() {
    assertThat(
            problems(
                """
                users:
                  - name: Alice
                    roles: [boss]
                    colour: green
                    publicKeys: ["ssh-ed25519 broken"]
                  - name: bob
                    password: hunter2
                  - name: bob
                    password: {plain: hunter2, argon2id: hunter3}
                targets:
                  - name: web-1
                    protocol: gopher
                    address: "host:99999"
                    accounts:
                      - {name: root, password: {plain: ""}, passwordFile: nowhere}
                grants:
                  - name: g
                    who: {}
                    may: [fly]
                    from: [10.0.0.1/8]
                    until: tomorrow
                    limits: {idle: 30 minutes, sessions: 0}
                folk: []
                """))
        .allMatch(problem -> problem.matches("access\\.yaml:\\d+:\\d+: .*"))
        .noneMatch(problem -> problem.contains("hunter"))
        .extracting(problem -> problem.replaceFirst("access\\.yaml:(\\d+):\\d+: .*", "$1"))
        .contains(
            "2", "3", "4", "5", "7", "8", "9", "11", "12", "13", "15", "17", "18", "19", "20", "21",
            "22", "23");
  }

  @Test
  void aPersonsLanguageIsOneOfThree() throws Exception {
    String user = "users: [{name: alice, language: %s}]";
    assertThat(problems(user.formatted("fr")))
        .singleElement()
        .asString()
        .startsWith("access.yaml:1:")
        .contains("auto, ko, en");
    assertThat(read(user.formatted("ko")).users().getFirst().language())
        .isEqualTo(LanguageChoice.KOREAN);
    assertThat(read("users: [{name: alice}]").users().getFirst().language()).isNull();
  }

  @Test
  void aTargetsEncodingIsOneOfThree() throws Exception {
    String target =
        """
        targets:
          - name: web-1
            protocol: ssh
            address: 127.0.0.1:22
            hostKeys: trust-on-first-use
            encoding: %s
            accounts: [{name: root}]
        """;
    assertThat(problems(target.formatted("latin-1")))
        .singleElement()
        .asString()
        .startsWith("access.yaml:6:")
        .contains("utf-8, euc-kr, cp949");
    assertThat(read(target.formatted("cp949")).targets().getFirst().encoding())
        .isEqualTo(TextEncoding.CP949);
  }

  @ParameterizedTest
  @CsvSource({"rw-r-----", "rw----r--", "rw--w----", "rw-----w-"})
  void aSecretFileThatOthersCanReadOrChangeIsRefusedWithTheCommandThatMendsIt(String mode)
      throws Exception {
    Path key = folder.resolve("keys/web-1");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));
    assertThat(problems(account("privateKeyFile: keys/web-1")))
        .singleElement()
        .asString()
        .startsWith("access.yaml:7:")
        .contains("others can read or change it; run: chmod 600 " + key);
  }

  @Test
  void theAccessFileItselfMayBeReadByOthers() throws Exception {
    Path file = folder.resolve("access.yaml");
    Files.writeString(file, "users: []\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(AccessFileReader.read(file).users()).isEmpty();
  }

  @Test
  void aMissingFileIsSaid() {
    assertThatThrownBy(() -> AccessFileReader.read(folder.resolve("nowhere.yaml")))
        .isInstanceOf(AccessDocumentException.class)
        .hasMessageContaining("nowhere.yaml: no such file");
    assertThat(problems(account("privateKeyFile: keys/nowhere")))
        .singleElement()
        .asString()
        .contains("keys/nowhere: no such file");
    assertThat(problems(account("privateKeyFile: keys")))
        .singleElement()
        .asString()
        .contains("not a regular file");
  }

  @Test
  void aPrivateKeyWithAPassphraseIsRefusedInWords() throws Exception {
    keygen(folder.resolve("keys/locked"), "ed25519", "a passphrase");
    assertThat(problems(account("privateKeyFile: keys/locked")))
        .singleElement()
        .asString()
        .contains("a private key with a passphrase")
        .contains("ssh-keygen -p");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ssh-ed25519 AAAA x|a public key",
        "PuTTY-User-Key-File-3: ssh-ed25519|a PuTTY key",
        "hello|not a private key",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----|a passphrase",
        "-----BEGIN DSA PRIVATE KEY-----|a DSA key",
        "-----BEGIN OPENSSH PRIVATE KEY-----|cut off",
      })
  void whatIsNoUsablePrivateKeyIsNamed(String content, String problem) throws Exception {
    secretFile("key", content);
    assertThat(problems(account("privateKeyFile: key")))
        .singleElement()
        .asString()
        .contains(problem);
  }

  @ParameterizedTest
  @CsvSource({"rsa", "ecdsa", "ed25519"})
  void keysOfEveryKindAreTaken(String type) throws Exception {
    keygen(folder.resolve("k"), type, "");
    assertThat(read(account("privateKeyFile: k")).targets().getFirst().accounts().getFirst())
        .extracting(AccountEntry::privateKey)
        .isInstanceOf(Given.Plain.class);
  }

  @ParameterizedTest
  @CsvSource({"ssh-dss,a DSA key", "ssh-ed25519-cert-v01@openssh.com,a certificate"})
  void publicKeysThatCannotBeUsedAreNamed(String algorithm, String problem) {
    byte[] name = algorithm.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    byte[] blob =
        java.nio.ByteBuffer.allocate(8 + name.length).putInt(name.length).put(name).array();
    String line = algorithm + " " + java.util.Base64.getEncoder().encodeToString(blob);
    assertThat(problems("users: [{name: alice, publicKeys: [\"" + line + "\"]}]"))
        .singleElement()
        .asString()
        .contains(problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"169.254.169.254:80", "[fe80::1]:22", "[::ffff:169.254.1.1]:22"})
  void addressesWhereNoTargetMayLieAreRefused(String address) {
    String document = account("password: {plain: x}").replace("localhost", '"' + address + '"');
    assertThat(problems(document))
        .singleElement()
        .asString()
        .contains("no target may lie at a link-local, multicast or metadata address");
  }

  @Test
  void aPasswordFileHasOneLine() throws Exception {
    secretFile("pw", "one\ntwo\n");
    assertThat(problems(account("passwordFile: pw")))
        .singleElement()
        .asString()
        .contains("one line");
    secretFile("pw", "\n");
    assertThat(problems(account("passwordFile: pw")))
        .singleElement()
        .asString()
        .contains("one line");
    secretFile("pw", "x".repeat(65_537));
    assertThat(problems(account("passwordFile: pw"))).singleElement().asString().contains("65536");
  }

  private static String account(String fields) {
    return """
    targets:
      - name: web-1
        protocol: ssh
        address: localhost
        hostKeys: trust-on-first-use
        accounts:
          - {name: root, %s}
    """
        .formatted(fields);
  }

  private Path secretFile(String name, String content) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private AccessDocument read(String yaml) throws AccessDocumentException {
    return AccessFileReader.read(
        "access.yaml", yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8), folder);
  }

  private List<String> problems(String yaml) {
    try {
      read(yaml);
    } catch (AccessDocumentException e) {
      return Problem.texts(e.problems());
    }
    throw new AssertionError("it was read");
  }
}

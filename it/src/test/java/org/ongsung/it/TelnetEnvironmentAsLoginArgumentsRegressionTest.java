package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RawTelnetClient;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.ScriptedSwitch;
import org.ongsung.testkit.SshKey;

/// `USER='-f root'` by NEW-ENVIRON gave root on telnetd (CVE-2026-24061, CVE-2007-0882): here a
/// server that falls for it is not reached by it, whoever sends it, and options that would blind
/// the record are refused on both legs.
class TelnetEnvironmentAsLoginArgumentsRegressionTest {
  /// AUTHENTICATION, ENCRYPT, START-TLS and COMPRESS to COMPRESS3 would blind the record; LINEMODE
  /// would show passwords (docs/adr/0063); flow control is the terminals' own.
  private static final int[] REFUSED = {33, 34, 37, 38, 46, 85, 86, 87};

  private static final String PASSWORD = "correct horse battery";
  private static final int TELNET = Ports.free();

  private static ScriptedSwitch unpatched;
  private static Installation gate;
  private static SshKey key;

  @BeforeAll
  static void startEverything() {
    unpatched = ScriptedSwitch.start(TelnetEnvironmentAsLoginArgumentsRegressionTest::fallForIt);
    gate = Installation.start("  telnet: 127.0.0.1:" + TELNET);
    key = gate.key("alice", "ed25519");
    gate.apply(
        """
        users:
          - name: alice
            roles: [user]
            password: {plain: "%s"}
            publicKeys: ["%s"]
        targets:
          - name: old
            protocol: telnet
            address: %s
            accounts: [{name: any}]
        grants:
          - name: alice-on-old
            who: {users: [alice]}
            where: {targets: [old]}
            as: [any]
            may: [shell]
        """
            .formatted(PASSWORD, key.publicLine(), unpatched.address()));
  }

  @AfterAll
  static void stopEverything() {
    gate.close();
    unpatched.close();
  }

  /// Asks for all variables, as telnetd does, and for options that encrypt; a USER that begins with
  /// `-f` is let in at once.
  private static void fallForIt(ScriptedSwitch.Wire wire) throws IOException {
    for (int option : REFUSED) {
      wire.send(new byte[] {(byte) 255, (byte) 253, (byte) option});
      wire.send(new byte[] {(byte) 255, (byte) 251, (byte) option});
    }
    wire.send(new byte[] {(byte) 255, (byte) 253, 39}); // DO NEW-ENVIRON
    wire.send(new byte[] {(byte) 255, (byte) 250, 39, 1, (byte) 255, (byte) 240}); // SEND all
    wire.send(
        new byte[] {(byte) 255, (byte) 250, 39, 1, 0, 'U', 'S', 'E', 'R', (byte) 255, (byte) 240});
    wire.say("old login: ");
    wire.line();
    wire.say(wire.raw().contains("-f root") ? "\r\nroot# " : "\r\nno entry $ ");
    wire.line();
  }

  @Test
  void aClientThatTellsItUnaskedReachesNothing() {
    try (RawTelnetClient client = new RawTelnetClient("127.0.0.1", TELNET)) {
      client.send(255, 251, 39); // WILL NEW-ENVIRON
      client.send(environment());
      client.await("login:").type("alice+old\r\0");
      client.await("Password:").type(PASSWORD + "\r\0");
      client.send(environment());
      client.await("old login:").send(environment()).type("x\r\0");
      client.await("no entry");
    }
    assertThat(unpatched.received()).contains("LANG").doesNotContain("USER").doesNotContain("-f");
  }

  /// LANG, then USER as well-known and as the user's own.
  private static byte[] environment() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 255, (byte) 250, 39, 0});
    out.writeBytes("\3LANG\1C.UTF-8".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes("\0USER\1-f root\3USER\1-f root".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes("\3LC_ALL\1-f root".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(new byte[] {(byte) 255, (byte) 240});
    return out.toByteArray();
  }

  @Test
  void debiansTelnetTellsItInVain() {
    try (RunningProgram telnet =
        Program.of("telnet", "-8E", "-l", "-f root", "127.0.0.1", Integer.toString(TELNET))
            .start()) {
      telnet.awaitOutput("login:", Deadlines.ACTION).type("alice+old\r");
      telnet.awaitOutput("Password:", Deadlines.ACTION).type(PASSWORD + "\r");
      telnet.awaitOutput("old login:", Deadlines.ACTION).type("x\r");
      telnet.awaitOutput("no entry", Deadlines.ACTION);
    }
    assertThat(unpatched.received()).doesNotContain("USER").doesNotContain("-f root");
  }

  @Test
  void overSshItIsNotHandedOnEither() {
    try (RunningProgram ssh =
        gate.client(key)
            .sshOnTerminal("-tt", "-o", "SetEnv=USER=-froot", "alice+old@127.0.0.1")
            .start()) {
      ssh.awaitOutput("old login:", Deadlines.ACTION).type("x\n");
      ssh.awaitOutput("no entry", Deadlines.ACTION);
    }
    assertThat(unpatched.received()).doesNotContain("USER").doesNotContain("-f");
  }

  @Test
  void whatWouldBlindTheRecordIsRefusedOnBothLegs() {
    try (RawTelnetClient client = new RawTelnetClient("127.0.0.1", TELNET)) {
      for (int option : REFUSED) {
        client.send(255, 251, option, 255, 253, option);
      }
      client.await("login:").type("alice+old\r\0");
      client.await("Password:").type(PASSWORD + "\r\0");
      client.await("old login:").type("x\r\0");
      client.await("no entry"); // so that the target has read what was answered before
      for (int option : REFUSED) {
        assertThat(client.came())
            .contains("\u00ff\u00fe" + (char) option)
            .contains("\u00ff\u00fc" + (char) option)
            .doesNotContain("\u00ff\u00fb" + (char) option)
            .doesNotContain("\u00ff\u00fd" + (char) option);
        assertThat(unpatched.received())
            .contains("\u00ff\u00fe" + (char) option)
            .contains("\u00ff\u00fc" + (char) option)
            .doesNotContain("\u00ff\u00fb" + (char) option)
            .doesNotContain("\u00ff\u00fd" + (char) option);
      }
    }
  }
}

package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.SshKey;
import tools.jackson.databind.JsonNode;

/// What real shells, commands and transfers leave in transcripts, found by the command line and the
/// API.
class SearchTest {
  private static final String WHERE = "alice+web-1@127.0.0.1";

  private static OpenSshServer sshd;
  private static Installation gate;
  private static SshKey key;

  @BeforeAll
  static void startEverything() {
    sshd = OpenSshServer.builder().start();
    gate = Installation.start();
    key = gate.key("alice", "ed25519");
    gate.apply(
        """
        users:
          - name: alice
            roles: [user]
            groups: [ops]
            publicKeys: ["%s"]
        groups:
          - name: ops
          - name: dev
        targets:
        %s
        grants:
          - name: alice-on-web
            who: {users: [alice]}
            where: {targets: [web-1]}
            as: [worker]
            may: [shell, exec, sftp]
        """
            .formatted(key.publicLine(), Installation.target("web-1", sshd)));
    gate.awaitSearch();
  }

  @AfterAll
  static void stopEverything() {
    gate.close();
    sshd.close();
  }

  private static List<JsonNode> found(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "search";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    List<JsonNode> lines = new ArrayList<>();
    gate.json(all).path("lines").forEach(lines::add);
    return lines;
  }

  @Test
  void whatIsTypedAndShownIsFoundWhileTheSessionLivesAndOnceAfterAKill() {
    String unseen = "unseen-Passphrase-5822";
    try (RunningProgram shell = gate.client(key).sshOnTerminal("-tt", WHERE).start()) {
      // Quoted in two parts, so that only a prompt, and not the echo of this line, has its words.
      shell.type("PS1='we''b$ '\n").awaitOutput("web$ ", Deadlines.ACTION);
      shell.type("echo 급여-명세서 $((6*7))\n").awaitOutput("명세서 42", Deadlines.ACTION);
      long shown = System.nanoTime();
      Deadlines.await("the command is found", () -> !found("급여", "--direction", "input").isEmpty());
      Deadlines.await("the output is found", () -> !found("명세서 42").isEmpty());
      // The promise is ten seconds; a busy machine gets more.
      assertThat(Duration.ofNanos(System.nanoTime() - shown)).isLessThan(Duration.ofSeconds(100));
      JsonNode command = found("여-명", "--direction", "input").getFirst();
      assertThat(command.path("prompt").asString("")).isEqualTo("web$");
      assertThat(command.path("text").asString("")).isEqualTo("echo 급여-명세서 $((6*7))");
      assertThat(command.path("user").asString("")).isEqualTo("alice");
      assertThat(command.path("offsetMillis").asLong(-1)).isPositive();

      shell.type("read -s -p 'Secret'$((1+1)) word; echo seen-${#word}\n");
      shell.awaitOutput("Secret2", Deadlines.ACTION);
      shell.type(unseen + "\n").awaitOutput("seen-" + unseen.length(), Deadlines.ACTION);
      Deadlines.await("hidden input is told", () -> !found("hidden input").isEmpty());
      gate.server().signal("KILL");
      gate.server().await(Deadlines.ACTION);
      shell.await(Deadlines.ACTION);
    }
    gate.serve();
    gate.awaitSearch();
    Deadlines.await(
        "the rest is found after the start",
        () -> !found("seen-" + unseen.length(), "--direction", "output").isEmpty());
    assertThat(found("급여-명세서", "--direction", "input")).as("once").hasSize(1);
    assertThat(found("급여-명세서 42", "--direction", "output")).as("once").hasSize(1);
    assertThat(found(unseen)).isEmpty();
  }

  @Test
  void manyLinesComeWholeByPagesAndByExport() {
    int count = 2_500;
    gate.client(key).ssh(WHERE, "seq -f 'seam-%05g' 1 " + count).run().expectSuccess();
    Deadlines.await("the last is found", () -> !found("seam-02500").isEmpty());
    List<String> all = new ArrayList<>();
    for (int i = count; i >= 1; i--) {
      all.add("seam-%05d".formatted(i));
    }
    for (String form : List.of("csv", "jsonl")) {
      assertThat(seams(gate.ongsung("search", "seam-0", "--export", form))).as(form).isEqualTo(all);
    }
    List<String> byPages = new ArrayList<>();
    String[] first = {"search", "seam-00", "--limit", "200"};
    String page = gate.ongsung(first);
    for (String place = place(page); !place.isEmpty(); place = place(page)) {
      byPages.addAll(seams(page));
      page = gate.ongsung("search", "seam-00", "--limit", "200", "--before", place);
    }
    byPages.addAll(seams(page));
    assertThat(byPages).isEqualTo(all.subList(count - 999, count));
  }

  @Test
  void eachFilterKeepsWhatFitsAndLeavesOutWhatDoesNot() {
    gate.client(key).ssh(WHERE, "true").run().expectSuccess();
    String another = gate.awaitEnd("target=web-1").path("id").asString("");
    gate.client(key).ssh(WHERE, "echo filtered-$((40+2))").run().expectSuccess();
    Deadlines.await("the output is found", () -> !found("filtered-42").isEmpty());
    JsonNode line = found("filtered-42").getFirst();
    Instant at = Instant.parse(line.path("at").asString(""));
    String before = at.minusSeconds(1).toString();
    String after = at.plusSeconds(1).toString();
    Map<String, List<String>> fitsAndNot =
        Map.of(
            "--user", List.of("alice", "admin"),
            "--group", List.of("ops", "dev"),
            "--target", List.of("web-1", "web-2"),
            "--session", List.of(line.path("session").asString(""), another),
            "--kind", List.of("exec", "shell,sftp"),
            "--direction", List.of("output", "input,screen"),
            "--since", List.of(before, after),
            "--until", List.of(after, before));
    Map<String, String> fits = new TreeMap<>();
    fitsAndNot.forEach((filter, values) -> fits.put(filter, values.getFirst()));
    assertThat(found(filtered(fits))).hasSize(1);
    fitsAndNot.forEach(
        (filter, values) -> {
          Map<String, String> allButOne = new TreeMap<>(fits);
          allButOne.put(filter, values.getLast());
          assertThat(found(filtered(allButOne))).as(filter).isEmpty();
        });
  }

  private static String[] filtered(Map<String, String> filters) {
    List<String> words = new ArrayList<>(List.of("filtered-42"));
    filters.forEach((filter, value) -> words.addAll(List.of(filter, value)));
    return words.toArray(String[]::new);
  }

  private static List<String> seams(String text) {
    return Pattern.compile("seam-[0-9]+").matcher(text).results().map(MatchResult::group).toList();
  }

  /// Where a page of results says that it goes on; empty on the last.
  private static String place(String page) {
    Matcher more =
        Pattern.compile("There are older lines: go on with --before (\\S+)").matcher(page);
    return more.find() ? more.group(1) : "";
  }

  @Test
  void commandsAreLinesThatExpressionsExportsAndTheGuideFind() throws Exception {
    gate.client(key).ssh(WHERE, "printf 'one =1+2\\ntwo denied\\n'").run().expectSuccess();
    Deadlines.await("the command is found", () -> found("two denied").size() == 2);
    List<JsonNode> lines = found("-e", "^two\\s+(denied|failed)$", "-C", "1", "--target", "web-1");
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst().path("kind").asString("")).isEqualTo("exec");
    assertThat(lines.getFirst().path("before").path(0).path("text").asString(""))
        .isEqualTo("one =1+2");
    assertThat(gate.ongsung("search", "one =1", "--export", "csv"))
        .contains("at,user,target,session,channel,kind,direction,prompt,text")
        .contains("\"one =1+2\"");
    assertThat(
            gate.ongsung("search", "--direction", "input", "--kind", "exec", "--export", "jsonl"))
        .contains("\"text\":\"printf");
    assertThat(gate.ledger("code=transcript.searched")).isNotEmpty();
    assertThat(gate.ledger("code=transcript.exported")).isNotEmpty();
    assertThat(gate.program("search", "-e", "a{100}{100}{100}").run().exit()).isNotZero();
    String printed =
        GuideScript.of("docs/guide/search.md", gate.folder())
            .after("export ONGSUNG_CONFIG='" + gate.config() + "'\n")
            .run()
            .stdout();
    assertThat(printed).contains("two denied");
    assertThat(gate.folder().resolve("denied.csv")).content().contains("\"two denied\"");
    assertThat(gate.folder().resolve("denied.jsonl")).content().contains("two denied");
  }
}

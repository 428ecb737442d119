package org.ongsung.bench.search;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.Session;
import org.ongsung.model.SessionId;
import org.ongsung.transcript.line.Direction;
import org.ongsung.transcript.line.TranscriptLine;

/// Lines of commands, logs and Korean sentences over 90 days, the same every time: sessions of
/// 1,000 lines, 200 users, 2,000 targets.
final class MadeLines {
  static final int LINES_A_SESSION = 1_000;
  static final Instant START = Instant.parse("2026-06-01T00:00:00Z");
  static final Duration SPAN = Duration.ofDays(90);

  private static final String[] COMMANDS = {
    "ls -la /var/log/%s", "sudo systemctl restart %s", "tail -n %d /var/log/%s/error.log",
    "ssh deploy@10.%d.%d.%d", "kubectl get pods -n %s -o wide", "grep -rn '%s' /etc/%s",
    "docker logs --tail %d %s", "psql -c 'select * from %s where id = %d'", "rm -rf /tmp/%s-%d",
    "curl -s https://10.0.%d.%d/health >>> /tmp/out.sh && sh /tmp/out.sh run", "vi /etc/%s/%s.conf"
  };
  private static final String[] LOGS = {
    "%s[%d]: connection from 192.168.%d.%d port %d accepted",
    "ERROR %s: request %d failed after %d ms",
    "WARN %s: permission denied for user %d",
    "INFO  %s: cache of %d entries written in %d ms, %d evicted",
    "kernel: [%d.%d] TCP: request_sock_TCP: Possible SYN flooding on port %d",
    "-rw-r----- 1 root %s %d Nov %d 03:%d backup-%d.tar.gz",
    "%s.service: Main process exited, status=%d"
  };
  private static final String[] SENTENCES = {
    "%s 서버의 급여 명세서 %d건을 내려받았습니다", "접속이 거부되었습니다: %s 권한이 없습니다 (%d)", "%d번 작업이 완료되었습니다, 소요 시간 %d초",
    "%s 대상의 호스트 키가 변경되어 연결을 끊습니다", "백업 파일 %d개를 %s 저장소로 옮기는 중", "사용자 %s 님의 비밀번호가 곧 만료됩니다, %d일 남음",
    "로그 파일을 확인하고 %s 담당자에게 알려 주세요", "옹성 게이트웨이 %d번 노드가 다시 시작되었습니다"
  };
  private static final String[] NAMES = {
    "nginx", "postgresql", "payroll", "billing", "gateway", "redis", "kafka", "auth", "backup",
        "cron",
    "web-1", "db-1", "ledger", "scheduler", "mailer", "proxy", "monitor", "storage", "search",
        "report"
  };
  private static final String[] RARE = {"xylophone-7f3a", "긴급점검쀍", "zz9-plural-z-alpha", "옹성문루"};

  private MadeLines() {}

  static int sessions(long lines) {
    return Math.toIntExact((lines + LINES_A_SESSION - 1) / LINES_A_SESSION);
  }

  static Session session(int number) {
    SplittableRandom random = new SplittableRandom(number * 31L + 7);
    Instant at = START.plusSeconds(random.nextLong(SPAN.toSeconds() - 3_600));
    String id = String.format(Locale.ROOT, "%026d", number + 1);
    return new Session(
        new SessionId(id),
        Name.of("user-" + random.nextInt(200)),
        Name.of("target-" + random.nextInt(2_000)),
        Name.of("worker"),
        "worker",
        Protocol.SSH,
        Name.of("grant"),
        "password",
        "192.0.2.1",
        "bench",
        "bench",
        at,
        null);
  }

  /// The lines of a session, `count` of them.
  static List<TranscriptLine> lines(Session session, int number, int count) {
    SplittableRandom random = new SplittableRandom(number * 131L + 11);
    List<TranscriptLine> lines = new ArrayList<>(count);
    long micros = 0;
    for (int i = 0; i < count; i++) {
      micros += 1_000 + random.nextInt(4_000_000);
      int sort = random.nextInt(10);
      String text =
          sort < 3
              ? text(COMMANDS[random.nextInt(COMMANDS.length)], random)
              : sort < 7
                  ? text(LOGS[random.nextInt(LOGS.length)], random)
                  : text(SENTENCES[random.nextInt(SENTENCES.length)], random);
      if (random.nextInt(100_000) == 0) {
        text += " " + RARE[random.nextInt(RARE.length)];
      }
      lines.add(
          new TranscriptLine(
              i,
              session.startedAt().plusNanos(micros * 1_000),
              sort < 3 ? Direction.INPUT : Direction.OUTPUT,
              sort < 3 ? "worker@host:~$" : "",
              text));
    }
    return lines;
  }

  private static String text(String template, SplittableRandom random) {
    StringBuilder text = new StringBuilder(template.length() + 32);
    for (int at = 0; at < template.length(); at++) {
      char c = template.charAt(at);
      if (c == '%' && at + 1 < template.length()) {
        at++;
        if (template.charAt(at) == 's') {
          text.append(NAMES[random.nextInt(NAMES.length)]);
        } else {
          text.append(random.nextInt(100_000));
        }
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}

package org.ongsung.server.running;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.console.text.Language;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobRefusedException;
import org.ongsung.jobs.JobRequest;
import org.ongsung.jobs.Jobs;
import org.ongsung.jobs.JobsUnavailableException;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Shown;
import org.ongsung.server.configuration.Notices;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the jobs that tell people outside of events of the ledger.
///
/// Each event is known by its sequence, and so makes one job however many gateways see it and
/// however often: a gateway that starts looks back an hour before the ledger's newest entry. At
/// most 20 events of one look are told one by one, the rest together, so that a flood of events is
/// no flood of mail.
final class LedgerNotices implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerNotices.class);
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Duration LOOK_BACK = Duration.ofHours(1);
  private static final int MOST_ONE_BY_ONE = 20;

  private final Ledger ledger;
  private final Jobs jobs;
  private final Map<JobParameters.Notify.Channel, Set<AuditCode>> channels =
      new EnumMap<>(JobParameters.Notify.Channel.class);
  private final Set<AuditCode> codes = new HashSet<>();
  private final MailWords mailWords;
  private final Thread looking;
  private Instant since;
  private long seen;

  LedgerNotices(Notices notices, Ledger ledger, Jobs jobs, Clock clock) {
    this.ledger = ledger;
    this.jobs = jobs;
    notices
        .webhook()
        .ifPresent(hook -> channels.put(JobParameters.Notify.Channel.WEBHOOK, hook.on()));
    notices.mail().ifPresent(mail -> channels.put(JobParameters.Notify.Channel.MAIL, mail.on()));
    this.mailWords =
        new MailWords(
            notices.mail().map(Notices.Mail::language).orElse(Language.ENGLISH), clock.getZone());
    channels.values().forEach(codes::addAll);
    List<LedgerEntry> newest = channels.isEmpty() ? List.of() : ledger.find(LedgerQuery.newest(1));
    this.since =
        (newest.isEmpty() ? clock.instant() : newest.getFirst().event().at()).minus(LOOK_BACK);
    this.looking = Thread.ofVirtual().name("ledger-notices").unstarted(this::look);
  }

  void start() {
    if (!codes.isEmpty()) {
      looking.start();
    }
  }

  private void look() {
    try {
      while (true) {
        try {
          tellNew();
        } catch (LedgerUnavailableException | JobsUnavailableException | JobRefusedException e) {
          LOG.warn("what happened will be told later: {}", e.getMessage());
        } catch (RuntimeException e) {
          LOG.error("what happened could not be told", e);
        }
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void tellNew() {
    List<LedgerEntry> fresh =
        ledger
            .find(
                new LedgerQuery(
                    codes, null, null, null, null, since, null, null, LedgerQuery.MAX_LIMIT))
            .stream()
            .filter(entry -> entry.sequence() > seen)
            .toList()
            .reversed();
    for (Map.Entry<JobParameters.Notify.Channel, Set<AuditCode>> channel : channels.entrySet()) {
      List<LedgerEntry> wanted =
          fresh.stream()
              .filter(entry -> channel.getValue().contains(entry.event().code()))
              .toList();
      int single = Math.min(wanted.size(), MOST_ONE_BY_ONE);
      wanted
          .subList(0, single)
          .forEach(entry -> ask(channel.getKey(), notice(channel.getKey(), entry)));
      if (wanted.size() > single) {
        ask(channel.getKey(), rest(channel.getKey(), wanted.subList(single, wanted.size())));
      }
    }
    if (!fresh.isEmpty()) {
      seen = fresh.getLast().sequence();
      // A clock that is set back a little hides nothing.
      since = fresh.getLast().event().at().minus(LOOK_BACK);
    }
  }

  private void ask(JobParameters.Notify.Channel channel, JobParameters.Notify notice) {
    String key = "event " + notice.event() + " " + channel;
    Job.Origin origin = new Job.Origin(AuditEvent.SYSTEM, key, null, null);
    try {
      Job job = jobs.submit(new JobRequest(notice, origin, null, null));
      LOG.debug("job {} tells of event {}", job.id(), notice.event());
    } catch (JobRefusedException e) {
      if (e.reason() != JobRefusedException.Reason.KEY_IN_USE) {
        throw e;
      } // told before, together with others
    }
  }

  private JobParameters.Notify notice(JobParameters.Notify.Channel channel, LedgerEntry entry) {
    AuditEvent event = entry.event();
    return channel == JobParameters.Notify.Channel.MAIL
        ? made(channel, mailWords.title(event), mailWords.lines(event), entry)
        : made(channel, event.code().text() + " " + event.subject(), lines(event), entry);
  }

  private static List<String> lines(AuditEvent event) {
    List<String> lines = new ArrayList<>();
    lines.add("at: " + event.at());
    lines.add("actor: " + event.actor());
    if (!event.source().isEmpty()) {
      lines.add("from: " + event.source());
    }
    event.details().forEach((name, value) -> lines.add(name + ": " + value));
    return lines;
  }

  private JobParameters.Notify rest(JobParameters.Notify.Channel channel, List<LedgerEntry> rest) {
    LedgerEntry last = rest.getLast();
    return channel == JobParameters.Notify.Channel.MAIL
        ? made(
            channel,
            mailWords.titleOf(rest.size()),
            rest.stream().map(mailWords::line).toList(),
            last)
        : made(
            channel,
            rest.size() + " more events",
            rest.stream()
                .map(entry -> entry.event().at() + " " + entry.event().code().text())
                .toList(),
            last);
  }

  private static JobParameters.Notify made(
      JobParameters.Notify.Channel channel, String title, List<String> lines, LedgerEntry last) {
    List<String> plain =
        lines.stream()
            .map(line -> Shown.plain(line, JobParameters.Notify.MAX_TITLE_CHARACTERS))
            .toList();
    return new JobParameters.Notify(channel, title(title.strip()), text(plain), last.sequence());
  }

  private static String title(String title) {
    return Shown.plain(title, JobParameters.Notify.MAX_TITLE_CHARACTERS - 1);
  }

  private static String text(List<String> lines) {
    String text = String.join("\n", lines);
    return text.substring(0, Math.min(text.length(), JobParameters.Notify.MAX_TEXT_CHARACTERS));
  }

  @Override
  public void close() {
    looking.interrupt();
  }
}

package org.ongsung.console.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ongsung.console.text.Shapes;
import org.ongsung.console.text.Wording;
import org.ongsung.jobs.HostKeyCheck;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.JobState;
import org.ongsung.jobs.JobTrees;

/// Jobs in the reader's language: kinds, states, what they are told and what came of them. What a
/// worker or a target wrote stays as it is.
///
/// @param wording the reader's words
/// @param shapes the reader's times and sizes
public record JobWords(Wording wording, Shapes shapes) {
  public String kind(JobKind kind) {
    return wording.word("jobkind", kind.text());
  }

  public String state(JobState state) {
    return wording.word("jobstate", state.text());
  }

  /// The look of a state, as the style sheet knows it.
  public String look(JobState state) {
    return switch (state) {
      case RUNNING -> "live";
      case ERROR -> "failed";
      case DROPPED -> "interrupted";
      case NEW, TAKEN, DONE -> "ended";
    };
  }

  /// What a job is told, one `name value` each.
  public List<String> told(JobParameters parameters) {
    List<String> told = new ArrayList<>();
    for (Map.Entry<String, Object> one : JobTrees.of(parameters).entrySet()) {
      told.add(wording.word("jobtold", one.getKey()) + " " + one.getValue());
    }
    return told;
  }

  /// What a job is told, as a form takes it: one `name=value` a line.
  public static String lines(JobParameters parameters) {
    List<String> lines = new ArrayList<>();
    JobTrees.of(parameters).forEach((name, value) -> lines.add(name + "=" + value));
    return String.join("\n", lines);
  }

  /// What came of it in a few words; empty while nothing has.
  public String outcome(Job job) {
    JobResult result = job.result();
    return result == null ? wording.said(job.problem()) : result(result);
  }

  /// Whether what came of it is in a language that may not be the reader's.
  public boolean isForeign(Job job) {
    return job.result() == null && !job.problem().isEmpty() && !Wording.isKnown(job.problem());
  }

  private String result(JobResult result) {
    return switch (result) {
      case JobResult.Probed probed -> probed(probed);
      case JobResult.Way(String worker, JobResult.Probed probed) ->
          shapes.messages().text("jobresult.way", probed(probed), worker);
      case JobResult.Purged(long sessions, long recordings, long bytes, long held) ->
          shapes
              .messages()
              .text("jobresult.purged", recordings, sessions, Shapes.bytes(bytes), held);
      case JobResult.Written written -> written.name() + " · " + Shapes.bytes(written.bytes());
      case JobResult.LoggedIn logins ->
          shapes.messages().text("jobresult.logins", logins.accepted(), logins.accounts().size());
      case JobResult.Told told -> told.answer();
    };
  }

  private String probed(JobResult.Probed probed) {
    if (!probed.reachable()) {
      String why = wording.said(probed.detail());
      String text = shapes.messages().text("jobresult.unreachable");
      return why.isEmpty() ? text : text + ": " + why;
    }
    String text = shapes.messages().text("jobresult.reachable", shapes.duration(probed.took()));
    return probed.hostKey() == HostKeyCheck.CHANGED
        ? text + " · " + shapes.messages().text("jobresult.key.changed")
        : text;
  }
}

package org.ongsung.console.services;

import java.time.InstantSource;
import java.util.List;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.directory.Directory;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.model.Capability;
import org.ongsung.model.Name;
import org.ongsung.model.Network;
import org.ongsung.model.Target;
import org.ongsung.model.Title;
import org.ongsung.model.User;

/// Puts the policy's answers to "who can reach this?" and "what can she reach?" into words, with
/// titles. Users who are not active and grants that have ended do not count; source networks are
/// listed, not judged.
public final class ReachQuestions {
  private final Directory directory;
  private final org.ongsung.policy.ReachQuestions questions;

  public ReachQuestions(Directory directory, InstantSource clock) {
    this.directory = directory;
    this.questions = new org.ongsung.policy.ReachQuestions(directory, clock);
  }

  /// Every way of `user`, by target, account and grant; empty when there is no such user.
  public List<ReachRow> ofUser(Name user) {
    return rows(questions.whatReaches(user, org.ongsung.policy.ReachQuestions.MAX_ROWS));
  }

  /// Every way to `target`, by user, account and grant; empty when there is no such target.
  public List<ReachRow> ofTarget(Name target) {
    return rows(questions.whoReaches(target, org.ongsung.policy.ReachQuestions.MAX_ROWS));
  }

  private List<ReachRow> rows(org.ongsung.policy.ReachQuestions.Answer answer) {
    if (answer.more()) {
      throw new HttpProblem(
          422,
          "too-many",
          List.of("more than " + org.ongsung.policy.ReachQuestions.MAX_ROWS + " ways in"));
    }
    DirectorySnapshot now = directory.snapshot();
    return answer.rows().stream().map(row -> shown(row, now)).toList();
  }

  private static ReachRow shown(org.ongsung.policy.ReachRow row, DirectorySnapshot now) {
    return new ReachRow(
        row.user().value(),
        now.user(row.user()).map(User::title).orElse(Title.NONE).value(),
        row.target().value(),
        now.target(row.target()).map(Target::title).orElse(Title.NONE).value(),
        row.account().value(),
        row.grant().value(),
        row.may().stream().sorted().map(Capability::text).toList(),
        row.from().stream().map(Network::toString).toList(),
        row.until());
  }
}

package org.ongsung.console.services;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ongsung.console.http.Caller;
import org.ongsung.model.Capability;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.Target;
import org.ongsung.policy.Authorizer;
import org.ongsung.policy.Reach;
import org.ongsung.policy.ReachableTarget;

/// Works out what somebody may reach from where they are now, and what they type to get there.
public final class ReachableTargets {
  private final Authorizer authorizer;
  private final String sshHost;
  private final int sshPort;

  public ReachableTargets(Authorizer authorizer, ConsoleSettings settings) {
    this.authorizer = authorizer;
    this.sshHost = settings.sshHost();
    this.sshPort = settings.sshPort();
  }

  /// The targets of `caller`, sorted by name; none for `local-admin`, who is nobody to the gateway.
  public List<Reachable> of(Caller caller) {
    if (caller.user() == null) {
      return List.of();
    }
    String user = caller.name();
    return authorizer.reachable(caller.user()).stream().map(r -> shown(user, r)).toList();
  }

  /// What `caller` may reach, asked target by target; empty for `local-admin`.
  public Optional<Authorizer.View> viewOf(Caller caller) {
    return Optional.ofNullable(caller.user()).map(authorizer::viewOf);
  }

  /// Whether `caller` may open a terminal on that target.
  public boolean opensTerminal(Caller caller, Name name) {
    return viewOf(caller)
        .flatMap(
            view ->
                view.snapshot()
                    .target(name)
                    .map(target -> shown(caller, target, view.reaches(target))))
        .stream()
        .flatMap(one -> one.accounts().stream())
        .anyMatch(way -> way.may().contains(Capability.SHELL.text()));
  }

  /// One target of a view as it is shown.
  Reachable shown(Caller caller, Target target, List<Reach> reaches) {
    return shown(caller.name(), new ReachableTarget(target, reaches));
  }

  private Reachable shown(String user, ReachableTarget reachable) {
    Target target = reachable.target();
    boolean several = reachable.reaches().size() > 1;
    return new Reachable(
        target.name().value(),
        target.title().value(),
        target.protocol().text(),
        target.address().toString(),
        target.labels().entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .sorted()
            .toList(),
        reachable.reaches().stream().map(reach -> way(user, target, reach, several)).toList());
  }

  private Reachable.AccountWay way(String user, Target target, Reach reach, boolean several) {
    String account = reach.account().name().value();
    String login = user + (several ? "+" + account : "") + "+" + target.name() + "@" + sshHost;
    Set<Capability> may = reach.grant().may();
    String id = target.name() + "-" + account;
    List<Reachable.Command> commands = new ArrayList<>();
    boolean shell = may.contains(Capability.SHELL);
    boolean exec = may.contains(Capability.EXEC);
    if (target.protocol() != Protocol.SSH) {
      // It has a terminal and nothing else; an SSH client reaches that too.
      if (shell) {
        commands.add(command("ssh", "-p", login, id));
      }
      return way(reach, may, commands, login);
    }
    if (shell || exec) {
      commands.add(command("ssh", "-p", login, id));
    }
    if (may.contains(Capability.SFTP)) {
      commands.add(command("sftp", "-P", login, id));
      commands.add(command("scp", "-P", "FILE " + login + ":", id));
    } else if (exec) {
      commands.add(command("scp", "-O -P", "FILE " + login + ":", id));
    }
    return way(reach, may, commands, login);
  }

  private Reachable.AccountWay way(
      Reach reach, Set<Capability> may, List<Reachable.Command> commands, String login) {
    return new Reachable.AccountWay(
        reach.account().name().value(),
        reach.grant().name().value(),
        may.stream().sorted().map(Capability::text).toList(),
        reach.grant().until() == null ? null : reach.grant().until().toInstant(),
        commands,
        may.contains(Capability.SHELL) ? "ssh://" + login + ":" + sshPort : "");
  }

  private Reachable.Command command(String program, String portOption, String rest, String id) {
    String option =
        sshPort == 22 ? portOption.replaceFirst("-[pP]$", "").strip() : portOption + " " + sshPort;
    String line = program + " " + (option.isEmpty() ? "" : option + " ") + rest;
    return new Reachable.Command(program, line, "cmd-" + program + "-" + id);
  }
}

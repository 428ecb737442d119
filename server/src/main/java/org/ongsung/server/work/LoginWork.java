package org.ongsung.server.work;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.directory.Directory;
import org.ongsung.jobs.Destination;
import org.ongsung.jobs.JobContext;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.JobWork;
import org.ongsung.jobs.LoginCheck;
import org.ongsung.jobs.WorkFailedException;
import org.ongsung.model.Account;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.EndReason;
import org.ongsung.model.Protocol;
import org.ongsung.model.Shown;
import org.ongsung.model.Target;

/// Tries whether the accounts of a target can log in, one after another, with what the vault holds
/// for them: in the gateway alone, also where a worker holds the connection.
///
/// No credential goes to a target whose host key is not known already; that keeps a probe from
/// giving a password to whoever answers. With Telnet a login is a shell, so it is not tried. Each
/// account that is tried stands in the ledger before it is.
public final class LoginWork implements JobWork {
  private static final int MAX_DETAIL_CHARACTERS = 255;

  private final Directory directory;
  private final Trier trier;
  private final Ledger ledger;
  private final InstantSource clock;

  /// Logs in and hangs up.
  @FunctionalInterface
  public interface Trier {
    /// Logs in to the target and out again.
    ///
    /// @return empty when the target let it in; else why not
    Optional<EndReason> tryLogin(Target target, Account account, Object cause)
        throws InterruptedException;
  }

  public LoginWork(Directory directory, Trier trier, Ledger ledger, InstantSource clock) {
    this.directory = directory;
    this.trier = trier;
    this.ledger = ledger;
    this.clock = clock;
  }

  @Override
  public JobResult run(
      JobParameters parameters, @Nullable Destination destination, JobContext context)
      throws WorkFailedException, InterruptedException {
    Target target =
        parameters instanceof JobParameters.CheckLogins(var name)
            ? directory.snapshot().target(name).orElse(null)
            : null;
    if (target == null) {
      throw new WorkFailedException("there is no such target", false, null);
    }
    List<JobResult.AccountLogin> logins = new ArrayList<>();
    JobResult.AccountLogin hopeless = null;
    for (Account account : target.accounts()) {
      context.progress(100 * logins.size() / target.accounts().size(), account.name().value());
      JobResult.AccountLogin login =
          hopeless == null ? check(target, account, context) : untried(account, hopeless.detail());
      if (login.check() == LoginCheck.NOT_TRIED) {
        hopeless = login;
      }
      context.log(account.name() + ": " + word(login.check()) + " " + login.detail());
      logins.add(login);
    }
    return new JobResult.LoggedIn(logins);
  }

  private JobResult.AccountLogin check(Target target, Account account, JobContext context)
      throws InterruptedException {
    if (target.protocol() != Protocol.SSH) {
      return untried(account, "a login by " + target.protocol().text() + " starts a shell");
    }
    if (target.hostKeys().isEmpty()) {
      return untried(account, "no host key of the target is known yet");
    }
    tell(target, account, context);
    Optional<EndReason> problem = trier.tryLogin(target, account, context.id());
    LoginCheck check =
        problem
            .map(
                why ->
                    switch (why.code()) {
                      case CREDENTIAL_REFUSED -> LoginCheck.REFUSED;
                      case CREDENTIAL_MISSING -> LoginCheck.NO_CREDENTIAL;
                      default -> LoginCheck.NOT_TRIED;
                    })
            .orElse(LoginCheck.ACCEPTED);
    String detail = check == LoginCheck.NOT_TRIED ? problem.map(EndReason::text).orElse("") : "";
    return new JobResult.AccountLogin(
        account.name(), check, Shown.plain(detail, MAX_DETAIL_CHARACTERS));
  }

  private static JobResult.AccountLogin untried(Account account, String why) {
    return new JobResult.AccountLogin(account.name(), LoginCheck.NOT_TRIED, why);
  }

  private static String word(LoginCheck check) {
    return check.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private void tell(Target target, Account account, JobContext context) {
    long _ =
        ledger.append(
            new AuditEvent(
                clock.instant(),
                AuditCode.ACCOUNT_TRIED,
                AuditEvent.SYSTEM,
                "",
                null,
                target.name().value(),
                Map.of("account", account.name().value(), "job", context.id().value())));
  }
}

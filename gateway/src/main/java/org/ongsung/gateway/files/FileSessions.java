package org.ongsung.gateway.files;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ongsung.gateway.ClientConnection;
import org.ongsung.gateway.Gateway;
import org.ongsung.gateway.OpenSession;
import org.ongsung.gateway.SessionRefusedException;
import org.ongsung.gateway.terminal.TerminalWords;
import org.ongsung.model.Capability;
import org.ongsung.model.EndReason;
import org.ongsung.model.Protocol;
import org.ongsung.model.SessionState;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;
import org.ongsung.policy.TargetGrant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The second half of the one path for files: open the record → dial → use → close the record.
///
/// ```java
/// FileSessions files = new FileSessions(gateway, FileLimits.DEFAULT);
/// files.reach(Protocol.SSH, ssh.files());
/// try (FileSession session = files.open(grant, connection)) {
///   session.files().list(session.files().home(), 100);
/// }
/// ```
public final class FileSessions {
  private static final Logger LOG = LoggerFactory.getLogger(FileSessions.class);

  private final Gateway gateway;
  private final FileLimits limits;
  private final Map<Protocol, FileDialler> diallers = new ConcurrentHashMap<>();

  public FileSessions(Gateway gateway, FileLimits limits) {
    this.gateway = gateway;
    this.limits = limits;
  }

  /// Says how files of targets of `protocol` are reached; before the listeners open.
  public void reach(Protocol protocol, FileDialler dialler) {
    diallers.put(protocol, dialler);
  }

  public FileLimits limits() {
    return limits;
  }

  /// Puts a denial of the policy's into the ledger.
  public void denied(
      AuthenticatedUser user, AccessRequest request, ClientConnection client, String reason) {
    gateway.denied(user, request, client, reason);
  }

  /// Whether the grant allows its target's files, and there is a way to them. What it does not
  /// allow is in the ledger then.
  public boolean allows(TargetGrant grant, ClientConnection client) {
    if (grant.allows(Capability.SFTP) && diallers.containsKey(grant.target().protocol())) {
      return true;
    }
    denied(
        grant.user(),
        new AccessRequest(grant.target().name().value(), grant.account().name().value()),
        client,
        "the grant has no " + Capability.SFTP.text());
    return false;
  }

  /// Opens a session on the files of the target of a grant that [#allows] them. Blocks until they
  /// can be used.
  ///
  /// @throws SessionRefusedException when the gateway has none
  /// @throws FileDialException when the target could not be reached
  public FileSession open(TargetGrant grant, ClientConnection client)
      throws SessionRefusedException, FileDialException, InterruptedException {
    FileDialler dialler = diallers.get(grant.target().protocol());
    if (dialler == null || !grant.allows(Capability.SFTP)) {
      throw new IllegalArgumentException("the grant does not allow files");
    }
    OpenSession session = gateway.open(grant, client);
    FileSession opened = new FileSession(session, limits);
    boolean reached = false;
    try {
      opened.dial(dialler);
      reached = true;
      return opened;
    } catch (FileDialException e) {
      LOG.info("session {}: {}", session.id(), e.getMessage());
      session.end(SessionState.FAILED, e.reason());
      throw e;
    } catch (InterruptedException e) {
      session.end(SessionState.FAILED, EndReason.of(EndReason.Code.GATEWAY_STOP));
      throw e;
    } catch (RuntimeException e) {
      String number = Long.toHexString(System.nanoTime());
      LOG.error("session {} failed (error {})", session.id(), number, e);
      EndReason reason = EndReason.of(EndReason.Code.INTERNAL_ERROR, number);
      session.end(SessionState.FAILED, reason);
      throw new FileDialException(TerminalWords.UNEXPECTED.with(number), reason);
    } finally {
      if (!reached) {
        opened.close();
      }
    }
  }
}

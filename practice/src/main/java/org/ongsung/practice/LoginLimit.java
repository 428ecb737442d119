package org.ongsung.practice;

import java.util.HashSet;
import java.util.Set;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;

/// Closes connections that come while too many others have not logged in yet, so that strangers who
/// connect and say nothing use a bounded part of the machine.
final class LoginLimit implements SessionListener {
  private final int most;
  private final Set<Session> loggingIn = new HashSet<>();

  /// @param most how many may be on their way at once, inclusive
  LoginLimit(int most) {
    this.most = most;
  }

  @Override
  public void sessionCreated(Session session) {
    synchronized (loggingIn) {
      if (loggingIn.size() < most) {
        loggingIn.add(session);
        return;
      }
    }
    session.close(true);
  }

  @Override
  public void sessionEvent(Session session, Event event) {
    if (event == Event.Authenticated) {
      leave(session);
    }
  }

  @Override
  public void sessionClosed(Session session) {
    leave(session);
  }

  private void leave(Session session) {
    synchronized (loggingIn) {
      loggingIn.remove(session);
    }
  }
}

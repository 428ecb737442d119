package org.ongsung.gateway;

import java.util.Locale;

/// No session: the notice says why, in words for the person, and what to do next.
public final class SessionRefusedException extends Exception {
  private final transient Notice notice;

  public SessionRefusedException(Notice notice) {
    super(notice.in(Locale.ENGLISH));
    this.notice = notice;
  }

  public Notice notice() {
    return notice;
  }
}

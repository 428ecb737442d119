package org.ongsung.model;

/// What kinds of things the ledger tells. The text of a code never changes once released.
public enum AuditCode {
  SERVER_START("server.start"),
  SERVER_STOP("server.stop"),
  LOGIN_SUCCESS("login.success"),
  LOGIN_FAILURE("login.failure"),
  LOGIN_BLOCKED("login.blocked"),
  LOGIN_RELEASED("login.released"),
  LOGOUT("logout"),
  ACCESS_DENIED("access.denied"),
  SESSION_START("session.start"),
  SESSION_END("session.end"),
  SESSION_FAILED("session.failed"),
  SESSION_TERMINATED("session.terminated"),
  SESSION_INTERRUPTED("session.interrupted"),
  /// Nothing deletes its recordings from now on.
  SESSION_HELD("session.held"),
  SESSION_HOLD_LIFTED("session.hold.lifted"),
  CHANNEL_OPEN("channel.open"),
  CHANNEL_REFUSED("channel.refused"),
  CHANNEL_CLOSE("channel.close"),
  FORWARD_LISTEN("forward.listen"),
  FORWARD_CANCEL("forward.cancel"),
  /// A one-time port was opened for somebody.
  TUNNEL_OPENED("tunnel.opened"),
  /// Whom it was for came through it.
  TUNNEL_TAKEN("tunnel.taken"),
  /// Somebody was turned away from a one-time port.
  TUNNEL_REFUSED("tunnel.refused"),
  FILE_OPERATION("file.operation"),
  HOST_KEY_LEARNED("hostkey.learned"),
  HOST_KEY_MISMATCH("hostkey.mismatch"),
  HOST_KEY_FORGOTTEN("hostkey.forgotten"),
  USER_CREATED("user.created"),
  USER_CHANGED("user.changed"),
  USER_DELETED("user.deleted"),
  GROUP_CREATED("group.created"),
  GROUP_CHANGED("group.changed"),
  GROUP_DELETED("group.deleted"),
  TARGET_CREATED("target.created"),
  TARGET_CHANGED("target.changed"),
  TARGET_DELETED("target.deleted"),
  GRANT_CREATED("grant.created"),
  GRANT_CHANGED("grant.changed"),
  GRANT_DELETED("grant.deleted"),
  SECRET_CHANGED("secret.changed"),
  /// A change of the directory that was announced in the ledger and then was not made.
  CHANGE_FAILED("change.failed"),
  TOKEN_CREATED("token.created"),
  TOKEN_REVOKED("token.revoked"),
  RECORDING_READ("recording.read"),
  RECORDING_WATCHED("recording.watched"),
  RECORDING_FAILED("recording.failed"),
  RECORDING_PURGED("recording.purged"),
  TRANSCRIPT_SEARCHED("transcript.searched"),
  TRANSCRIPT_EXPORTED("transcript.exported"),
  LEDGER_EXPORTED("ledger.exported"),
  STORAGE_LOW("storage.low"),
  STORAGE_OK("storage.ok"),
  CLOCK_STEPPED("clock.stepped"),
  REPORT_READ("report.read"),
  ACCOUNT_TRIED("account.tried"),
  JOB_SUBMITTED("job.submitted"),
  JOB_CANCELLED("job.cancelled"),
  JOB_SCHEDULE_CHANGED("job.schedule.changed"),
  NOTICE_CHANGED("notice.changed"),
  NOTICE_DELETED("notice.deleted"),
  LINK_CHANGED("link.changed"),
  LINK_DELETED("link.deleted"),
  BACKUP_CREATED("backup.created"),
  RESTORED("backup.restored");

  private final String text;

  AuditCode(String text) {
    this.text = text;
  }

  /// The stable word in store, API and export.
  public String text() {
    return text;
  }

  /// The code of a word; throws [IllegalArgumentException] for any other.
  public static AuditCode of(String text) {
    for (AuditCode code : values()) {
      if (code.text.equals(text)) {
        return code;
      }
    }
    throw new IllegalArgumentException("not an audit code: " + Shown.quoted(text));
  }
}

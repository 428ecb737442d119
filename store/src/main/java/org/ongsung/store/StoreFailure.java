package org.ongsung.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// A unit of work that failed in the database; each store turns it into the exception of its port.
/// The message is fit for people.
final class StoreFailure extends RuntimeException {
  /// What went wrong, as far as it matters to anyone.
  enum Kind {
    LOCKED("the database is locked by another program"),
    FULL("the database's disk is full"),
    UNREACHABLE("the database cannot be reached"),
    BUSY("too much waits for the database"),
    BROKEN("the database failed");

    private final String message;

    Kind(String message) {
      this.message = message;
    }
  }

  private final Kind kind;

  StoreFailure(Kind kind, @Nullable Throwable cause) {
    super(kind.message, cause);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /// One line for people.
  String shown() {
    return kind.message;
  }

  /// The failure behind an exception of JDBC or Jdbi; anything else comes back as it is.
  static RuntimeException of(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreFailure failure) {
        return failure;
      }
      if (cause instanceof SQLException sql) {
        return new StoreFailure(kindOf(sql), thrown);
      }
    }
    return thrown instanceof RuntimeException runtime
        ? runtime
        : new StoreFailure(Kind.BROKEN, thrown);
  }

  private static Kind kindOf(SQLException exception) {
    if (exception instanceof SQLiteException sqlite) {
      return switch (primary(sqlite.getResultCode())) {
        case SQLITE_BUSY, SQLITE_LOCKED -> Kind.LOCKED;
        case SQLITE_FULL -> Kind.FULL;
        case SQLITE_CANTOPEN -> Kind.UNREACHABLE;
        default -> Kind.BROKEN;
      };
    }
    // PostgreSQL, appendix A, error codes; Hikari's own timeout has the class of its cause or none.
    String state = exception.getSQLState();
    if (state == null
        || state.startsWith("08")
        || state.startsWith("57P")
        || state.equals("53300")) {
      return Kind.UNREACHABLE;
    }
    return switch (state) {
      case "53100" -> Kind.FULL;
      case "55P03", "40P01", "40001" -> Kind.LOCKED;
      default -> Kind.BROKEN;
    };
  }

  /// The code without its extension (sqlite.org/rescode.html: the low 8 bits).
  private static SQLiteErrorCode primary(SQLiteErrorCode code) {
    return SQLiteErrorCode.getErrorCode(code.code & 0xff);
  }
}

package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/// Statements that are used again must not show that they were used before.
class KeptStatementsTest {
  private final List<PreparedStatement> prepared = new ArrayList<>();
  private final KeptStatements kept =
      new KeptStatements() {
        @Override
        public PreparedStatement create(Connection connection, String sql, StatementContext context)
            throws SQLException {
          PreparedStatement statement = super.create(connection, sql, context);
          prepared.add(statement);
          return statement;
        }
      };

  @TempDir Path folder;

  private Handle open() {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + folder.resolve("kept.db") + "?journal_mode=WAL");
    Handle handle = Sql.plainJdbi(source).setStatementBuilderFactory(_ -> kept).open();
    handle.execute("create table t (a integer primary key, b text)");
    prepared.clear();
    return handle;
  }

  private static List<String> texts(Handle handle, long from) {
    return handle
        .createQuery("select b from t where a >= :from order by a")
        .bind("from", from)
        .mapTo(String.class)
        .list();
  }

  @Test
  void aTextIsPreparedOnceAndGivesWhatItsOwnParametersAskFor() {
    try (Handle handle = open()) {
      for (int i = 1; i <= 3; i++) {
        handle.execute("insert into t values (?, ?)", i, "text " + i);
      }
      assertThat(texts(handle, 3)).containsExactly("text 3");
      assertThat(texts(handle, 2)).containsExactly("text 2", "text 3");
      assertThat(prepared.stream().distinct()).hasSize(2);
      assertThat(prepared).hasSize(5);
    }
  }

  @Test
  void aParameterThatIsLeftOutIsNotTheOneOfBefore() {
    try (Handle handle = open()) {
      String insert = "insert into t values (?, ?)";
      handle.createUpdate(insert).bind(0, 1).bind(1, "secret").execute();
      assertThatThrownBy(() -> handle.createUpdate(insert).bind(0, 2).execute())
          .isInstanceOf(JdbiException.class);
      assertThat(texts(handle, 1)).containsExactly("secret");
    }
  }

  @Test
  void aStatementInUseIsNotGivenToAnother() {
    try (Handle handle = open()) {
      handle.execute("insert into t values (1, 'a'), (2, 'b')");
      List<String> seen = new ArrayList<>();
      handle
          .createQuery("select b from t where a >= :from order by a")
          .bind("from", 1)
          .mapTo(String.class)
          .useIterator(
              rows -> {
                while (rows.hasNext()) {
                  seen.add(rows.next() + texts(handle, 2));
                }
              });
      assertThat(seen).containsExactly("a[b]", "b[b]");
      assertThat(kept.size()).isEqualTo(3); // create, insert, and one of the two selects
    }
  }

  @Test
  void whatIsReadHalfHoldsNoViewOfTheDataAfterwards() throws Exception {
    try (Handle handle = open();
        Handle other = openAgain()) {
      handle.execute("insert into t values (1, 'a'), (2, 'b')");
      assertThat(other.createQuery("select b from t order by a").mapTo(String.class).findFirst())
          .contains("a");
      handle.execute("insert into t values (3, 'c')");
      // A reader that still stood in the old view would keep the log from being emptied.
      assertThat(
              handle
                  .createQuery("pragma wal_checkpoint(truncate)")
                  .map((row, _) -> row.getInt(1))
                  .one())
          .isZero();
      assertThat(other.createQuery("select count(*) from t").mapTo(int.class).one()).isEqualTo(3);
    }
  }

  private Handle openAgain() {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + folder.resolve("kept.db"));
    return Sql.plainJdbi(source).setStatementBuilderFactory(_ -> new KeptStatements()).open();
  }

  @Test
  void aStatementThatFailedWorksAgain() {
    try (Handle handle = open()) {
      String insert = "insert into t values (?, ?)";
      handle.execute(insert, 1, "a");
      assertThatThrownBy(() -> handle.execute(insert, 1, "again"))
          .isInstanceOf(JdbiException.class);
      handle.execute(insert, 2, "b");
      assertThat(texts(handle, 1)).containsExactly("a", "b");
    }
  }

  @Test
  void aBatchLeavesNothingForTheNext() {
    try (Handle handle = open()) {
      for (int from : new int[] {1, 3}) {
        PreparedBatch batch = handle.prepareBatch("insert into t values (:a, :b)");
        batch.bind("a", from).bind("b", "x").add();
        batch.bind("a", from + 1).bind("b", "y").add();
        assertThat(batch.execute()).containsExactly(1, 1);
      }
      assertThat(texts(handle, 1)).containsExactly("x", "y", "x", "y");
    }
  }

  @Test
  void atMostSixtyFourAreKeptAndTheOldestGoesFirst() throws Exception {
    try (Handle handle = open()) {
      for (int i = 0; i < KeptStatements.MOST; i++) {
        handle.createQuery("select " + i).mapTo(int.class).one();
      }
      assertThat(kept.size()).isEqualTo(KeptStatements.MOST);
      assertThat(prepared.getFirst().isClosed()).isFalse();
      handle.createQuery("select 'one more'").mapTo(String.class).one();
      assertThat(kept.size()).isEqualTo(KeptStatements.MOST);
      assertThat(prepared.getFirst().isClosed()).isTrue();
      assertThat(prepared.getLast().isClosed()).isFalse();
    }
  }
}

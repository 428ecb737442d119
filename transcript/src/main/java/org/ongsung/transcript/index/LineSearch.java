package org.ongsung.transcript.index;

import java.io.IOException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;
import org.ongsung.transcript.line.SearchableLine;
import org.ongsung.transcript.query.LinePattern;

/// One search: looks at candidates from the newest on, over all segments at once, until the page is
/// full, nothing is left, or its time is up. So whatever stops it, everything newer than where it
/// stopped was looked at.
final class LineSearch {
  private static final YearMonth FIRST = YearMonth.of(1970, 1);
  private static final YearMonth LATEST = YearMonth.of(9999, 12);

  private final LineQuery query;
  private final LinePattern pattern;
  private final SearchLimits limits;
  private final long endNanos;
  private final List<SearchableLine> found = new ArrayList<>();
  private int looked;
  private @Nullable Cursor stopped;
  private boolean partial;

  LineSearch(LineQuery query, SearchLimits limits) {
    this.query = query;
    this.pattern = query.pattern();
    this.limits = limits;
    this.endNanos = System.nanoTime() + limits.deadline().toNanos();
  }

  FoundLines run(LineIndex index) throws IOException {
    try (LineIndex.View view = index.view(first(), latest())) {
      for (IndexSearcher searcher : view.searchers()) {
        if (stopped != null) {
          break;
        }
        run(searcher);
      }
    }
    return new FoundLines(found, stopped, partial);
  }

  private YearMonth first() {
    Instant since = query.since();
    return since == null ? FIRST : LineIndex.month(since);
  }

  private YearMonth latest() {
    Instant until = query.until();
    YearMonth month = until == null ? LATEST : LineIndex.month(until);
    Cursor before = query.before();
    if (before == null) {
      return month;
    }
    YearMonth place =
        LineIndex.month(Instant.EPOCH.plus(before.micros(), java.time.temporal.ChronoUnit.MICROS));
    return place.isBefore(month) ? place : month;
  }

  private void run(IndexSearcher searcher) throws IOException {
    Weight weight =
        searcher.createWeight(
            searcher.rewrite(new LineQueries(limits).candidates(query, searcher)),
            ScoreMode.COMPLETE_NO_SCORES,
            1);
    PriorityQueue<Segment> segments =
        new PriorityQueue<>(
            Comparator.comparingLong((Segment segment) -> segment.micros)
                .thenComparingLong(segment -> segment.sequence)
                .reversed());
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      Scorer scorer = weight.scorer(leaf);
      if (scorer != null) {
        Segment segment = new Segment(leaf, scorer.iterator());
        if (segment.next()) {
          segments.add(segment);
        }
      }
    }
    while (!segments.isEmpty() && stopped == null) {
      Segment newest = segments.remove();
      look(newest);
      if (newest.next()) {
        segments.add(newest);
      }
    }
  }

  private void look(Segment segment) throws IOException {
    Cursor before = query.before();
    if (before != null
        && segment.micros == before.micros()
        && segment.sequence >= before.sequence()) {
      return;
    }
    if (found.size() == query.limit()) {
      SearchableLine last = found.getLast();
      stopped = new Cursor(LineFields.micros(last.line().at()), last.sequence());
      return;
    }
    String text = segment.matching(pattern);
    if (text != null) {
      found.add(segment.line(text));
    }
    looked++;
    // One look at a long line can take tenths of a second.
    if (looked >= limits.candidates() || System.nanoTime() - endNanos > 0) {
      stopped = new Cursor(segment.micros, segment.sequence);
      partial = true;
    }
  }

  /// The candidates of one segment, newest first, as the index is sorted.
  private static final class Segment {
    private final DocIdSetIterator documents;
    private final LineFields.Columns columns;
    private final @Nullable Bits live;
    private int document;
    private long micros;
    private long sequence;

    Segment(LeafReaderContext leaf, DocIdSetIterator documents) throws IOException {
      this.documents = documents;
      this.columns = new LineFields.Columns(leaf.reader());
      this.live = leaf.reader().getLiveDocs();
    }

    boolean next() throws IOException {
      do {
        document = documents.nextDoc();
      } while (document != DocIdSetIterator.NO_MORE_DOCS && live != null && !live.get(document));
      if (document == DocIdSetIterator.NO_MORE_DOCS) {
        return false;
      }
      micros = columns.at(document);
      sequence = columns.sequence(document);
      return true;
    }

    @Nullable String matching(LinePattern pattern) throws IOException {
      BytesRef bytes = columns.text(document);
      if (!pattern.mayMatch(bytes.bytes, bytes.offset, bytes.length)) {
        return null;
      }
      String text = bytes.utf8ToString();
      return pattern.matches(text) ? text : null;
    }

    SearchableLine line(String text) throws IOException {
      return columns.line(document, micros, sequence, text);
    }
  }
}

package org.ongsung.transcript.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.document.LongField;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;
import org.ongsung.transcript.query.Grams;
import org.ongsung.transcript.query.Needs;

/// Lucene's queries for what a [LineQuery] asks: which lines are candidates. The text decides then.
final class LineQueries {
  private final SearchLimits limits;

  LineQueries(SearchLimits limits) {
    this.limits = limits;
  }

  Query candidates(LineQuery query, IndexSearcher searcher) throws IOException {
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    all.add(MatchAllDocsQuery.INSTANCE, BooleanClause.Occur.FILTER);
    all.add(needed(query.pattern().needs(), searcher), BooleanClause.Occur.FILTER);
    oneOf(all, LineFields.USER, query.users());
    oneOf(all, LineFields.TARGET, query.targets());
    if (query.session() != null) {
      oneOf(all, LineFields.SESSION, List.of(query.session().value()));
    }
    if (!query.kinds().isEmpty()) {
      oneOf(all, LineFields.KIND, query.kinds().stream().map(kind -> kind.text()).toList());
    }
    if (!query.directions().isEmpty()) {
      oneOf(
          all,
          LineFields.DIRECTION,
          query.directions().stream().map(direction -> direction.text()).toList());
    }
    long from = query.since() == null ? Long.MIN_VALUE : LineFields.micros(query.since());
    long to = query.until() == null ? Long.MAX_VALUE : LineFields.micros(query.until()) - 1;
    if (query.before() != null) {
      to = Math.min(to, query.before().micros());
    }
    if (from != Long.MIN_VALUE || to != Long.MAX_VALUE) {
      all.add(LongField.newRangeQuery(LineFields.AT, from, to), BooleanClause.Occur.FILTER);
    }
    return new ConstantScoreQuery(all.build());
  }

  private static void oneOf(
      BooleanQuery.Builder all,
      String field,
      @org.jspecify.annotations.Nullable Collection<?> values) {
    if (values != null) {
      List<BytesRef> terms = values.stream().map(value -> new BytesRef(value.toString())).toList();
      Query query =
          terms.isEmpty()
              ? MatchNoDocsQuery.INSTANCE
              : terms.size() == 1
                  ? new TermQuery(new Term(field, terms.getFirst()))
                  : new TermInSetQuery(field, terms);
      all.add(query, BooleanClause.Occur.FILTER);
    }
  }

  private Query needed(Needs needs, IndexSearcher searcher) throws IOException {
    return switch (needs) {
      case Needs.Nothing() -> MatchAllDocsQuery.INSTANCE;
      case Needs.Held(List<Grams.Gram> grams) -> held(grams, searcher);
      case Needs.All(List<Needs> parts) -> {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        for (Needs part : parts) {
          all.add(needed(part, searcher), BooleanClause.Occur.FILTER);
        }
        yield all.build();
      }
      case Needs.Any(List<Needs> parts) -> {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        for (Needs part : parts) {
          any.add(needed(part, searcher), BooleanClause.Occur.SHOULD);
        }
        yield any.build();
      }
    };
  }

  /// The rarest of the grams: more of them cost more than they turn away.
  private Query held(List<Grams.Gram> grams, IndexSearcher searcher) throws IOException {
    record Counted(Grams.Gram gram, int lines) {}
    List<Counted> counted = new ArrayList<>();
    for (Grams.Gram gram : grams) {
      Term term = new Term(LineFields.GRAM, gram.text());
      counted.add(
          new Counted(
              gram, gram.prefix() ? Integer.MAX_VALUE : searcher.getIndexReader().docFreq(term)));
    }
    counted.sort(Comparator.comparingInt(Counted::lines));
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    for (Counted each : counted.subList(0, Math.min(limits.grams(), counted.size()))) {
      Term term = new Term(LineFields.GRAM, each.gram().text());
      all.add(
          each.gram().prefix() ? new PrefixQuery(term) : new TermQuery(term),
          BooleanClause.Occur.FILTER);
    }
    return all.build();
  }
}

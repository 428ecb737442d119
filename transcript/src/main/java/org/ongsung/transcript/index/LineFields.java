package org.ongsung.transcript.index;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.SortedNumericDocValues;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.SortedNumericSortField;
import org.apache.lucene.util.BytesRef;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.Name;
import org.ongsung.model.SessionId;
import org.ongsung.transcript.line.Direction;
import org.ongsung.transcript.line.SearchableLine;
import org.ongsung.transcript.line.TranscriptLine;

/// How a line lies in the index: its grams as terms without norms or positions, what filters ask
/// for as terms, and all of it as columns, so that a result needs no database. Documents are sorted
/// by time, newest first.
final class LineFields {
  static final String GRAM = "g";
  static final String TEXT = "t";
  static final String AT = "at";
  static final String SEQUENCE = "seq";
  static final String USER = "user";
  static final String TARGET = "target";
  static final String SESSION = "session";
  static final String KIND = "kind";
  static final String DIRECTION = "dir";
  private static final String PROMPT = "p";
  private static final String CHANNEL = "ch";
  private static final String NUMBER = "n";

  /// Newest first.
  static final Sort ORDER =
      new Sort(
          new SortedNumericSortField(AT, SortField.Type.LONG, true),
          new SortField(SEQUENCE, SortField.Type.LONG, true));

  private static final FieldType GRAMS = new FieldType();

  static {
    GRAMS.setIndexOptions(IndexOptions.DOCS);
    GRAMS.setTokenized(true);
    GRAMS.setOmitNorms(true);
    GRAMS.freeze();
  }

  private LineFields() {}

  /// The document of a line; `grams` is used up when the document is added.
  static Document document(SearchableLine line, GramTokens grams) {
    TranscriptLine what = line.line();
    Document document = new Document();
    grams.line(what.text());
    document.add(new Field(GRAM, grams, GRAMS));
    document.add(new BinaryDocValuesField(TEXT, new BytesRef(what.text())));
    document.add(new LongField(AT, micros(what.at()), Field.Store.NO));
    document.add(new NumericDocValuesField(SEQUENCE, line.sequence()));
    document.add(new NumericDocValuesField(CHANNEL, line.channel()));
    document.add(new NumericDocValuesField(NUMBER, what.number()));
    document.add(new SortedDocValuesField(PROMPT, new BytesRef(what.prompt())));
    term(document, USER, line.user().value());
    term(document, TARGET, line.target().value());
    term(document, SESSION, line.session().value());
    term(document, KIND, line.kind().text());
    term(document, DIRECTION, what.direction().text());
    return document;
  }

  private static void term(Document document, String field, String value) {
    document.add(new StringField(field, value, Field.Store.NO));
    document.add(new SortedDocValuesField(field, new BytesRef(value)));
  }

  static long micros(Instant at) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, at);
  }

  /// The columns of one segment, read forwards. One thread at a time.
  static final class Columns {
    private final SortedNumericDocValues at;
    private final NumericDocValues sequence;
    private final BinaryDocValues text;
    private final NumericDocValues channel;
    private final NumericDocValues number;
    private final SortedDocValues prompt;
    private final SortedDocValues user;
    private final SortedDocValues target;
    private final SortedDocValues session;
    private final SortedDocValues kind;
    private final SortedDocValues direction;

    Columns(LeafReader reader) throws IOException {
      at = DocValues.getSortedNumeric(reader, AT);
      sequence = DocValues.getNumeric(reader, SEQUENCE);
      text = DocValues.getBinary(reader, TEXT);
      channel = DocValues.getNumeric(reader, CHANNEL);
      number = DocValues.getNumeric(reader, NUMBER);
      prompt = DocValues.getSorted(reader, PROMPT);
      user = DocValues.getSorted(reader, USER);
      target = DocValues.getSorted(reader, TARGET);
      session = DocValues.getSorted(reader, SESSION);
      kind = DocValues.getSorted(reader, KIND);
      direction = DocValues.getSorted(reader, DIRECTION);
    }

    long at(int document) throws IOException {
      at.advanceExact(document);
      return at.nextValue();
    }

    long sequence(int document) throws IOException {
      return number(sequence, document);
    }

    BytesRef text(int document) throws IOException {
      text.advanceExact(document);
      return text.binaryValue();
    }

    private static long number(NumericDocValues column, int document) throws IOException {
      column.advanceExact(document);
      return column.longValue();
    }

    private static String word(SortedDocValues column, int document) throws IOException {
      column.advanceExact(document);
      return column.lookupOrd(column.ordValue()).utf8ToString();
    }

    SearchableLine line(int document, long micros, long place, String shown) throws IOException {
      return new SearchableLine(
          place,
          new SessionId(word(session, document)),
          (int) number(channel, document),
          ChannelKind.of(word(kind, document)),
          Name.of(word(user, document)),
          Name.of(word(target, document)),
          new TranscriptLine(
              number(number, document),
              Instant.EPOCH.plus(micros, ChronoUnit.MICROS),
              Direction.of(word(direction, document)),
              word(prompt, document),
              shown));
    }
  }
}

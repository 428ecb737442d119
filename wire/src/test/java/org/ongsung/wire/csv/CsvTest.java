package org.ongsung.wire.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CsvTest {
  private static final CsvLimits SMALL = new CsvLimits(3, 2, 4);

  private static List<CsvRecord> read(String text) throws CsvException {
    return CsvReader.read(text, CsvLimits.DEFAULT);
  }

  private static CsvException refused(String text, CsvLimits limits) {
    return catchThrowableOfType(CsvException.class, () -> CsvReader.read(text, limits));
  }

  @Test
  void fieldsAndRecordsAreParted() throws Exception {
    assertThat(read("a,b\r\n1,\r\n,2"))
        .containsExactly(
            new CsvRecord(1, List.of("a", "b")),
            new CsvRecord(2, List.of("1", "")),
            new CsvRecord(3, List.of("", "2")));
    assertThat(read("a\nb\n")).hasSize(2);
    assertThat(read("")).isEmpty();
    assertThat(read("\n\r\n\n")).isEmpty();
  }

  @Test
  void aCarriageReturnAloneEndsALineToo() throws Exception {
    assertThat(read("\uFEFFa,b\r\r1,\"x\ry\"\r2,z"))
        .containsExactly(
            new CsvRecord(1, List.of("a", "b")),
            new CsvRecord(3, List.of("1", "x\ry")),
            new CsvRecord(5, List.of("2", "z")));
    assertThat(refused("a\r\"b\r\nc\"d", CsvLimits.DEFAULT).line()).isEqualTo(3);
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstField() throws Exception {
    assertThat(read("\uFEFF이름,주소\n")).containsExactly(new CsvRecord(1, List.of("이름", "주소")));
    assertThat(read("\uFEFF\"a\"")).containsExactly(new CsvRecord(1, List.of("a")));
    assertThat(read("\uFEFF")).isEmpty();
  }

  @Test
  void aQuotedFieldHoldsCommasQuotesAndLineBreaks() throws Exception {
    assertThat(read("\"a,\"\"b\"\"\nc\",d\ne"))
        .containsExactly(
            new CsvRecord(1, List.of("a,\"b\"\nc", "d")), new CsvRecord(3, List.of("e")));
    assertThat(read("\"\",\"\"")).containsExactly(new CsvRecord(1, List.of("", "")));
  }

  @Test
  void whatIsNoCsvIsRefusedWithItsLine() {
    assertThat(refused("a\nb\"c\n", CsvLimits.DEFAULT).line()).isEqualTo(2);
    assertThat(refused("a\n\n\"b\nc", CsvLimits.DEFAULT).line()).isEqualTo(3);
    assertThat(refused("\"a\nb\"c", CsvLimits.DEFAULT).line()).isEqualTo(2);
    assertThat(refused("\"a\" ,b", CsvLimits.DEFAULT).line()).isEqualTo(1);
    assertThat(refused("\"", CsvLimits.DEFAULT).line()).isEqualTo(1);
  }

  @Test
  void everyBoundHoldsAtItAndPastIt() throws Exception {
    assertThat(CsvReader.read("a\nb\nc", SMALL)).hasSize(3);
    assertThat(refused("a\nb\nc\nd", SMALL).line()).isEqualTo(4);
    assertThat(CsvReader.read("a,b", SMALL)).hasSize(1);
    assertThat(refused("a,b,c", SMALL).line()).isEqualTo(1);
    assertThat(CsvReader.read("abcd,\"efgh\"", SMALL)).hasSize(1);
    assertThat(refused("abcde", SMALL)).isNotNull();
    assertThat(refused("\"abcde\"", SMALL)).isNotNull();
  }

  @Test
  void whatIsWrittenIsReadAsItWas() throws Exception {
    Random random = new Random(7);
    String letters = "ab,\"\r\n =+-@\t'가😀;";
    for (int round = 0; round < 2_000; round++) {
      List<String> fields =
          random
              .ints(1 + random.nextInt(4), 0, 8)
              .mapToObj(
                  length ->
                      random
                          .ints(length, 0, letters.codePointCount(0, letters.length()))
                          .map(i -> letters.codePoints().skip(i).findFirst().orElseThrow())
                          .collect(
                              StringBuilder::new,
                              StringBuilder::appendCodePoint,
                              StringBuilder::append)
                          .toString())
              .toList();
      String line = CsvWriter.line(fields.stream().map(FormulaGuard::guarded).toList());
      assertThat(line).endsWith("\r\n");
      if (fields.equals(List.of(""))) {
        continue; // an empty line is no record
      }
      assertThat(read(line).getFirst().fields().stream().map(FormulaGuard::unguarded).toList())
          .isEqualTo(fields);
    }
  }

  @Test
  void nothingThatASpreadsheetWouldRunIsWritten() {
    for (String formula :
        List.of("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|'/c calc'!A1", "＝1")) {
      assertThat(FormulaGuard.guarded(formula)).startsWith("'");
      assertThat(FormulaGuard.unguarded(FormulaGuard.guarded(formula))).isEqualTo(formula);
    }
    for (String text : List.of("", "a=b", "'quoted'", "it's", "10.0.0.1", "'")) {
      assertThat(FormulaGuard.guarded(text)).isEqualTo(text);
      assertThat(FormulaGuard.unguarded(text)).isEqualTo(text);
    }
    assertThat(FormulaGuard.unguarded(FormulaGuard.guarded("'=x"))).isEqualTo("'=x");
  }
}

package org.ongsung.console.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.directory.Problem;
import org.ongsung.directory.access.AccessDocumentException;
import org.ongsung.directory.bulk.BulkFormat;
import org.ongsung.directory.bulk.BulkImport;

/// What is wrong with a list is found far from here and in English; here is seen that every such
/// sentence is known, so that nobody changes one without the other.
class ListFaultsTest {
  /// Lists with something wrong in each, which nothing but its own check turns away.
  private static Stream<Arguments> brokenLists() {
    return Stream.of(
            Map.entry(BulkFormat.USERS_CSV, ""),
            Map.entry(BulkFormat.USERS_CSV, "name,name\n"),
            Map.entry(BulkFormat.USERS_CSV, "title\n"),
            Map.entry(BulkFormat.USERS_CSV, "name,color\n"),
            Map.entry(BulkFormat.USERS_CSV, "name;title\n"),
            Map.entry(BulkFormat.USERS_CSV, "name\na,b\n"),
            Map.entry(BulkFormat.USERS_CSV, "name\nWRONG\n"),
            Map.entry(BulkFormat.USERS_CSV, "name\na\na\n"),
            Map.entry(BulkFormat.USERS_CSV, "name,active\na,perhaps\n"),
            Map.entry(BulkFormat.USERS_CSV, "name\na\"b\n"),
            Map.entry(BulkFormat.USERS_CSV, "name\n\"b\n"),
            Map.entry(BulkFormat.USERS_CSV, "name\n\"b\"c\n"),
            Map.entry(BulkFormat.USERS_CSV, "name" + ",".repeat(50)),
            Map.entry(BulkFormat.USERS_CSV, "name\n" + "a\n".repeat(50_001)),
            Map.entry(BulkFormat.USERS_CSV, "name\n" + "a".repeat(65_537)),
            Map.entry(BulkFormat.USERS_CSV, "a".repeat(BulkImport.MAX_CHARACTERS + 1)),
            Map.entry(BulkFormat.TARGETS_CSV, "name,address,labels\na,10.0.0.1,prod\n"),
            Map.entry(BulkFormat.TARGETS_CSV, "name,address,port\na,10.0.0.1,ssh\n"),
            Map.entry(BulkFormat.TARGETS_CSV, "name,address,port\na,10.0.0.1,70000\n"),
            Map.entry(BulkFormat.TARGETS_CSV, "name,address,port\na,web 1,22\n"),
            Map.entry(BulkFormat.TARGETS_CSV, "name,address,port\na,10.0.0.1:23,22\n"),
            Map.entry(BulkFormat.TARGETS_CSV, "name,address\na,10.0.0.1:\n"),
            Map.entry(BulkFormat.ANSIBLE_INI, "# nobody\n"),
            Map.entry(BulkFormat.ANSIBLE_INI, "[web\n"),
            Map.entry(BulkFormat.ANSIBLE_INI, "[web:vars]\nuser\n"),
            Map.entry(BulkFormat.ANSIBLE_INI, "a port\n"),
            Map.entry(BulkFormat.ANSIBLE_INI, "a x='y\n"),
            Map.entry(BulkFormat.ANSIBLE_INI, "a[9:1]\n"),
            Map.entry(BulkFormat.ANSIBLE_INI, "a[1:99999]\n"),
            Map.entry(BulkFormat.ANSIBLE_INI, "a\nA\n"),
            Map.entry(BulkFormat.ANSIBLE_INI, "___\n"),
            Map.entry(BulkFormat.ANSIBLE_INI, "a ansible_host={{x}}\n"),
            Map.entry(BulkFormat.ANSIBLE_INI, "a ansible_port=ssh\n"),
            Map.entry(BulkFormat.ANSIBLE_INI, "a ansible_port=70000\n"),
            Map.entry(BulkFormat.ANSIBLE_INI, sections(2_001)),
            Map.entry(BulkFormat.ANSIBLE_YAML, "all: [\n"),
            Map.entry(BulkFormat.ANSIBLE_YAML, "all: 1\n"),
            Map.entry(BulkFormat.SSH_CONFIG, "Host *\n"),
            Map.entry(BulkFormat.SSH_CONFIG, "Host a\nPort ssh\n"),
            Map.entry(BulkFormat.SSH_CONFIG, "Host" + " a*".repeat(100_001)),
            Map.entry(BulkFormat.SSH_CONFIG, "Host a*\n".repeat(1_001)))
        .map(list -> Arguments.of(list.getKey(), list.getValue()));
  }

  private static String sections(int count) {
    return IntStream.range(0, count).mapToObj(i -> "[g" + i + "]\n").collect(Collectors.joining());
  }

  @ParameterizedTest
  @MethodSource("brokenLists")
  void whatIsWrongWithAListIsSaidInKorean(BulkFormat format, String list) {
    AccessDocumentException e =
        catchThrowableOfType(
            AccessDocumentException.class,
            () -> BulkImport.read(format, list, DirectorySnapshot.empty()));
    assertThat(e).as("something is wrong").isNotNull();
    Wording korean = new Wording(Messages.of(Language.KOREAN));
    Wording english = new Wording(Messages.of(Language.ENGLISH));
    for (Problem problem : e.problems()) {
      String said = korean.problem(problem);
      assertThat(said).as(problem.text()).matches("(?s)[0-9]+번째 줄.*: .*[가-힣].*");
      if (problem.code() == Problem.Code.IN_LIST) {
        assertThat(Wording.isKnown(problem.arguments().getFirst())).as(problem.text()).isTrue();
      }
      assertThat(english.problem(problem)).doesNotContainPattern("[가-힣]").startsWith("Line ");
    }
  }
}

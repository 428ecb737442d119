package org.ongsung.directory.bulk;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A column of a CSV list and what its head may say, in English or Korean; case, spaces and `_` `-`
/// `.` in it do not count.
enum Column {
  NAME(
      "name",
      "이름",
      "user",
      "username",
      "login",
      "id",
      "target",
      "아이디",
      "사용자",
      "사용자 이름",
      "사용자 아이디",
      "대상",
      "대상 이름"),
  TITLE("title", "설명", "display name", "full name", "description", "표시 이름", "성명", "성함", "제목"),
  ROLES("roles", "역할", "role"),
  GROUPS("groups", "그룹", "group", "부서", "팀"),
  ACTIVE("active", "로그인 가능", "enabled", "활성", "사용", "사용 여부"),
  PUBLIC_KEYS("publicKeys", "SSH 공개 키", "key", "keys", "public key", "ssh key", "ssh keys", "공개 키"),
  PROTOCOL("protocol", "프로토콜"),
  ADDRESS("address", "주소", "host", "hostname", "ip", "ip address", "호스트", "IP 주소", "아이피"),
  PORT("port", "포트", "포트 번호"),
  LABELS("labels", "레이블", "label", "tags", "라벨", "태그"),
  ACCOUNTS("accounts", "계정", "account", "logins"),
  HOST_KEYS("hostKeys", "호스트 키", "host key"),
  ENCODING("encoding", "문자 인코딩", "text encoding", "charset", "인코딩", "문자셋", "문자 집합"),
  LOGIN_PROMPTS("loginPrompts", "이름 프롬프트", "login prompt", "로그인 프롬프트"),
  PASSWORD_PROMPTS("passwordPrompts", "비밀번호 프롬프트", "password prompt", "암호 프롬프트"),
  READY_PROMPTS("readyPrompts", "로그인 완료 프롬프트", "ready prompt"),
  REFUSED_PROMPTS("refusedPrompts", "로그인 거절 문구", "refused prompt");

  private final String english;
  private final String korean;

  /// Every head without what does not count, each between two bars.
  private final String heads;

  Column(String english, String korean, String... others) {
    this.english = english;
    this.korean = korean;
    this.heads =
        Stream.concat(Stream.of(english, korean), Stream.of(others))
            .map(Column::plain)
            .distinct()
            .collect(Collectors.joining("|", "|", "|"));
  }

  /// The head that an export writes.
  String head(Locale language) {
    return language.getLanguage().equals("ko") ? korean : english;
  }

  /// The column of a head, among `columns`.
  static Optional<Column> of(String head, Set<Column> columns) {
    String plain = plain(head);
    return columns.stream().filter(column -> column.heads.contains("|" + plain + "|")).findFirst();
  }

  private static String plain(String head) {
    return head.strip().toLowerCase(Locale.ROOT).replaceAll("[\\s_.|-]", "");
  }
}

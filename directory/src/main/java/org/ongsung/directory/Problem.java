package org.ongsung.directory;

import java.util.List;

/// One thing that is wrong with a change or a document: a stable code with arguments for whoever
/// writes it in the reader's language, and an English sentence for programs and logs.
///
/// @param where the path of keys in the tree, such as `accounts[0].privateKey.plain`, counted from
///   0; empty where a rule of the whole directory is broken or the document is a file
/// @param arguments names, counts and texts as they were given, without secrets
/// @param text the whole of it in English, with the place in front
public record Problem(Code code, String where, List<String> arguments, String text) {
  /// What kinds of problems there are. Arguments stand behind each.
  public enum Code {
    /// Nobody active would be an admin.
    NO_ADMIN,
    /// User.
    RESERVED_NAME,
    /// `users`, `groups`, `targets` or `grants`; limit; count.
    TOO_MANY,
    /// Group; members.
    GROUP_HAS_MEMBERS,
    /// Grant; users that do not exist.
    GRANT_NAMES_USERS,
    /// Grant; groups that do not exist.
    GRANT_NAMES_GROUPS,
    /// Grant; targets that do not exist.
    GRANT_NAMES_TARGETS,
    /// Grant.
    GRANT_FOR_NOBODY,
    /// Grant.
    GRANT_FOR_NO_TARGET,
    /// Grant.
    GRANT_WITHOUT_ACCOUNT,
    /// Grant.
    GRANT_ALLOWS_NOTHING,
    /// Grant; limit.
    GRANT_TOO_LONG,
    /// Secret, such as `web-1/root/password`.
    SECRET_NOT_DECLARED,
    /// Secret.
    SECRET_IN_USE,
    /// Secret.
    SECRET_MISSING,
    /// Kind of entry; name.
    WRITTEN_TWICE,
    /// User.
    HASH_TOO_COSTLY,
    /// Others change the directory at the same time.
    OTHERS_CHANGE,
    /// Something is missing at the place.
    MISSING,
    /// The value.
    NOT_A_NAME,
    /// The value.
    NOT_A_TITLE,
    /// The value.
    NOT_A_ROLE,
    /// The value.
    NOT_A_PUBLIC_KEY,
    /// The value.
    NOT_A_PROTOCOL,
    /// The value.
    NOT_AN_ADDRESS,
    /// A link-local, multicast or metadata address, where no target may lie.
    ADDRESS_FORBIDDEN,
    /// The value.
    NOT_A_LOGIN,
    /// The value.
    NOT_HOST_KEYS,
    /// Host keys of a target whose protocol has none.
    PROTOCOL_WITHOUT_KEYS,
    NOT_A_PROMPT,
    NOT_AN_ENCODING,
    NOT_A_LANGUAGE,
    /// The value.
    NOT_A_CAPABILITY,
    /// The value.
    NOT_A_NETWORK,
    /// The value.
    NOT_A_MOMENT,
    /// The value.
    NOT_A_DURATION,
    /// The value.
    NOT_A_COUNT,
    /// The value is not shown.
    NOT_A_SECRET,
    /// The value is not shown.
    NOT_A_PASSWORD,
    /// The value is not shown.
    NOT_A_HASH,
    /// Text was expected, or a list, or whatever the place takes.
    WRONG_SHAPE,
    /// Key.
    UNKNOWN_KEY,
    /// Name.
    LISTED_TWICE,
    /// Limit; count.
    AT_MOST,
    /// Two keys of which only one can be given.
    EITHER,
    /// Host keys are pinned, and none is given.
    NO_HOST_KEYS,
    /// A public key stands where a private one belongs.
    KEY_IS_PUBLIC,
    /// A PuTTY key.
    KEY_IS_PUTTY,
    /// A private key with a passphrase.
    KEY_HAS_PASSPHRASE,
    /// Not a private key.
    KEY_IS_NONE,
    /// A private key that is damaged or cut off.
    KEY_IS_DAMAGED,
    /// A key of another kind than ed25519, ECDSA and RSA.
    KEY_OF_OTHER_KIND,
    /// A certificate where a public key belongs.
    KEY_IS_CERTIFICATE,
    /// Labels of which one is too long, empty, or too many of them.
    BAD_LABELS,
    /// A limit of a grant is not positive.
    BAD_LIMITS,
    /// The value: longer than a text may be, or with control characters.
    NOT_A_TEXT,
    /// The value.
    NOT_A_URL,
    /// The value.
    NOT_A_RANK,
    /// An end that is not after its start.
    ENDS_BEFORE_START,
    /// The head; the heads that there are.
    UNKNOWN_COLUMN,
    /// What stands between the columns instead of commas.
    OTHER_SEPARATOR,
    /// What stands in the file; the text says where and what.
    IN_FILE,
    /// What is wrong with a line of a list, in English.
    IN_LIST,
    /// What the reader of YAML says of a line, in English.
    IN_YAML,
    /// Anything else; the text says what.
    OTHER;

    /// Lower case with hyphens, such as `not-a-name`; stable.
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  public Problem {
    arguments = List.copyOf(arguments);
  }

  /// A problem of the whole, not of a place.
  public static Problem of(Code code, String text, Object... arguments) {
    return new Problem(
        code, "", java.util.Arrays.stream(arguments).map(String::valueOf).toList(), text);
  }

  /// The English sentences of several.
  public static List<String> texts(List<Problem> problems) {
    return problems.stream().map(Problem::text).toList();
  }

  @Override
  public String toString() {
    return text;
  }
}

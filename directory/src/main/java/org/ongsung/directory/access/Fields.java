package org.ongsung.directory.access;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.ongsung.directory.Problem;

/// One mapping of a document, asked key by key, whatever the document is written in.
///
/// What fails is noted and a stand-in given, so that reading goes on and finds the next problem. A
/// key that nobody asked for is unknown and so a problem. A value of null counts as absent.
interface Fields {
  /// Whether there is a value.
  boolean has(String key);

  /// Whether the value is a mapping.
  boolean isMapping(String key);

  /// Whether the value is a list.
  boolean isList(String key);

  /// A value that must be there, made from its text.
  ///
  /// @param what is expected
  /// @param parse throws [IllegalArgumentException] with a message fit to be shown
  <T> T required(String key, Expected what, T standIn, Function<String, T> parse);

  /// A value made from its text, if it is there.
  <T> Optional<T> optional(String key, Expected what, Function<String, T> parse);

  /// `true` or `false`.
  boolean bool(String key, boolean fallback);

  /// A list of values made from their texts; empty if it is absent.
  <T> List<T> list(String key, Expected what, Function<String, T> parse);

  /// A mapping of texts to texts; empty if it is absent.
  Map<String, String> texts(String key);

  /// A nested mapping, if it is there and without problems.
  <T> Optional<T> mapping(String key, Function<Fields, T> reading);

  /// A list of mappings, those without problems; empty if it is absent.
  <T> List<T> mappings(String key, Function<Fields, T> reading);

  /// Notes a problem with the key's value.
  ///
  /// @param message in English
  void problem(String key, Problem.Code code, String message, Object... arguments);
}

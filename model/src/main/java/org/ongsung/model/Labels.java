package org.ongsung.model;

import java.util.Map;

/// The rules for label maps of targets and grants.
final class Labels {
  private static final int MAX_KEY_CHARACTERS = 63;
  private static final int MAX_VALUE_CHARACTERS = 255;

  private Labels() {}

  static void check(Map<String, String> labels) {
    if (labels.size() > Target.MAX_LABELS) {
      throw new IllegalArgumentException("at most 64 labels");
    }
    labels.forEach(
        (key, value) -> {
          if (key.isEmpty() || key.length() > MAX_KEY_CHARACTERS || hasControl(key)) {
            throw new IllegalArgumentException(
                "a label's key has 1 to 63 characters: " + Shown.quoted(key));
          }
          if (value.length() > MAX_VALUE_CHARACTERS || hasControl(value)) {
            throw new IllegalArgumentException(
                "a label's value has at most 255 characters: " + Shown.quoted(value));
          }
        });
  }

  private static boolean hasControl(String text) {
    return text.codePoints().anyMatch(Character::isISOControl);
  }
}

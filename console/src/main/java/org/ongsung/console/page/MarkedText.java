package org.ongsung.console.page;

import java.util.ArrayList;
import java.util.List;

/// A text in pieces, some of which were looked for.
public record MarkedText(List<Piece> pieces) {
  /// A piece of it.
  public record Piece(String text, boolean marked) {}

  /// @param marks pairs of begin and end, ascending, none within another
  static MarkedText of(String text, List<int[]> marks) {
    List<Piece> pieces = new ArrayList<>();
    int at = 0;
    for (int[] mark : marks) {
      if (mark[0] > at) {
        pieces.add(new Piece(text.substring(at, mark[0]), false));
      }
      pieces.add(new Piece(text.substring(mark[0], mark[1]), true));
      at = mark[1];
    }
    if (at < text.length()) {
      pieces.add(new Piece(text.substring(at), false));
    }
    return new MarkedText(List.copyOf(pieces));
  }
}

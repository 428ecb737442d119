package org.ongsung.console.house;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import java.util.List;

/// What axe-core finds wrong with a page.
public final class Axe {
  private Axe() {}

  /// The faults, one line each.
  ///
  /// @param onlyColours where the structure has been looked at in another theme
  public static List<String> faults(Page page, String name, boolean onlyColours) {
    // A recording is what a target has drawn, with the colours that it chose.
    AxeBuilder axe = new AxeBuilder(page).exclude("#player").exclude("#terminal-screen");
    if (onlyColours) {
      axe.withRules(List.of("color-contrast"));
    }
    return axe.analyze().getViolations().stream()
        .map(fault -> name + ": " + fault.getId() + " " + fault.getNodes().getFirst().getHtml())
        .toList();
  }
}

package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.Axe;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.Scenes;
import org.ongsung.console.house.Screenshots;

/// Every page in every state, in both themes: no fault that axe knows, and nothing wider than a
/// window of 360 pixels.
@Tag("long")
class ConsoleScenesTest {
  private static final int NARROW = 360;

  @Test
  void noPageInAnyStateHasAFaultOrIsWiderThanAPhone() throws Exception {
    List<String> faults = new ArrayList<>();
    try (ConsoleHouse house = ConsoleHouse.start();
        ConsoleHouse fresh = ConsoleHouse.fresh();
        Playwright playwright = Screenshots.playwright();
        Browser chromium = playwright.chromium().launch(Screenshots.options())) {
      List<Scenes.Scene> scenes = Scenes.of(house, fresh);
      walk(chromium, scenes, ColorScheme.LIGHT, "ko-KR", faults);
      walk(chromium, scenes, ColorScheme.DARK, "en-US", faults);
    }
    assertThat(faults).isEmpty();
  }

  private static void walk(
      Browser chromium,
      List<Scenes.Scene> scenes,
      ColorScheme theme,
      String locale,
      List<String> faults) {
    try (BrowserContext context =
        chromium.newContext(
            new Browser.NewContextOptions()
                .setLocale(locale)
                .setTimezoneId("Asia/Seoul")
                .setColorScheme(theme)
                .setViewportSize(NARROW, 800)
                .setReducedMotion(com.microsoft.playwright.options.ReducedMotion.REDUCE))) {
      context.setDefaultTimeout(100_000);
      Page page = context.newPage();
      String user = "?";
      ConsoleHouse house = null;
      for (Scenes.Scene scene : scenes) {
        Scenes.enter(page, scene, scene.house() == house ? user : "?");
        user = scene.user();
        house = scene.house();
        faults.addAll(Axe.faults(page, scene.name(), theme == ColorScheme.DARK));
        if (page.evaluate("document.documentElement.scrollWidth > innerWidth").equals(true)) {
          faults.add(scene.name() + ": wider than the window");
        }
      }
    }
  }
}

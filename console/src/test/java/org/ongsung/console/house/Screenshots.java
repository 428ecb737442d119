package org.ongsung.console.house;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Takes a picture of every scene in both languages, both themes and three widths; for people to
/// look at.
public final class Screenshots {
  private Screenshots() {}

  /// A browser of this machine, without downloads.
  public static BrowserType.LaunchOptions options() {
    return new BrowserType.LaunchOptions()
        .setExecutablePath(Path.of("/usr/bin/chromium"))
        .setArgs(List.of("--no-sandbox"));
  }

  /// Playwright itself, told not to fetch browsers.
  public static Playwright playwright() {
    return Playwright.create(
        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
  }

  /// Logs in through the form.
  public static void logIn(Page page, ConsoleHouse house, String user) {
    page.navigate(house.uri("/login").toString());
    page.fill("#name", user);
    page.fill("#password", Samples.PASSWORD);
    page.press("#password", "Enter");
    page.waitForURL(house.uri("/").toString());
  }

  /// Takes the pictures.
  ///
  /// @param arguments the folder; which looks, such as `ko-light-1440,en-dark-360` or `all`; then
  ///   how the names of the scenes begin (all when none)
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    List<String> looks =
        arguments.length < 2 || arguments[1].equals("all")
            ? everyLook()
            : List.of(arguments[1].split(",", -1));
    List<String> only =
        Arrays.asList(arguments).subList(Math.min(2, arguments.length), arguments.length);
    try (ConsoleHouse house = ConsoleHouse.start();
        ConsoleHouse fresh = ConsoleHouse.fresh();
        Playwright playwright = playwright();
        com.microsoft.playwright.Browser chromium = playwright.chromium().launch(options())) {
      List<Scenes.Scene> scenes =
          Scenes.of(house, fresh).stream()
              .filter(scene -> only.isEmpty() || only.stream().anyMatch(scene.name()::startsWith))
              .toList();
      for (String look : looks) {
        shoot(scenes, chromium, folder, look);
      }
    }
  }

  private static List<String> everyLook() {
    return Stream.of("ko", "en")
        .flatMap(language -> Stream.of(language + "-light", language + "-dark"))
        .flatMap(look -> Stream.of(look + "-360", look + "-768", look + "-1440"))
        .toList();
  }

  private static void shoot(
      List<Scenes.Scene> scenes,
      com.microsoft.playwright.Browser chromium,
      Path folder,
      String look) {
    String[] parts = look.split("-", 3);
    try (BrowserContext context =
        chromium.newContext(
            new NewContextOptions()
                .setLocale(parts[0].equals("ko") ? "ko-KR" : "en-US")
                .setTimezoneId("Asia/Seoul")
                .setColorScheme(ColorScheme.valueOf(parts[1].toUpperCase(Locale.ROOT)))
                .setViewportSize(Integer.parseInt(parts[2]), 900))) {
      Page page = context.newPage();
      String user = "";
      ConsoleHouse house = null;
      for (Scenes.Scene scene : scenes) {
        Scenes.enter(page, scene, scene.house() == house ? user : "?");
        user = scene.user();
        house = scene.house();
        page.waitForTimeout(scene.name().matches("(replay|terminal).*") ? 1_500 : 100);
        page.screenshot(
            new Page.ScreenshotOptions()
                .setPath(folder.resolve(look).resolve(scene.name() + ".png"))
                .setFullPage(true));
        if (page.evaluate("document.documentElement.scrollWidth > innerWidth").equals(true)) {
          System.out.println(look + " " + scene.name() + " is wider than the window");
        }
      }
    }
  }
}

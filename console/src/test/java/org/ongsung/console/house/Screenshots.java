package org.ongsung.console.house;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Takes a picture of every page in both languages, both themes and three widths; for people to
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

  /// Every page that there is, by a short name.
  public static Map<String, String> pages(ConsoleHouse house) {
    String night = "/sessions/" + house.samples().get(1).id();
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("targets", "/");
    pages.put("sessions", "/sessions");
    pages.put("session", night);
    pages.put("session-live", "/sessions/" + house.samples().getFirst().id());
    pages.put("replay", night + "/channels/0");
    pages.put("command", night + "/channels/1");
    pages.put("live", "/sessions/" + house.samples().getFirst().id() + "/channels/0");
    pages.put("ledger", "/ledger");
    pages.put("users", "/users");
    pages.put("user", "/users/alice");
    pages.put("user-new", "/users/-");
    pages.put("groups", "/groups");
    pages.put("group", "/groups/ops");
    pages.put("managed-targets", "/targets");
    pages.put("target", "/targets/web-1");
    pages.put("grants", "/grants");
    pages.put("grant", "/grants/ops-on-prod");
    pages.put("reach-user", "/reach?user=alice");
    pages.put("reach-target", "/reach?target=payroll-db");
    pages.put("blocks", "/blocks");
    pages.put("profile", "/profile");
    pages.put("missing", "/nowhere");
    return pages;
  }

  /// Takes the pictures.
  ///
  /// @param arguments the folder, then which pages (all when none)
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    List<String> only = List.of(arguments).subList(1, arguments.length);
    try (ConsoleHouse house = ConsoleHouse.start();
        Playwright playwright = playwright();
        com.microsoft.playwright.Browser chromium = playwright.chromium().launch(options())) {
      for (String language : List.of("ko", "en")) {
        for (ColorScheme theme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
          for (int width : List.of(360, 768, 1440)) {
            shoot(house, chromium, folder, only, language, theme, width);
          }
        }
      }
    }
  }

  private static void shoot(
      ConsoleHouse house,
      com.microsoft.playwright.Browser chromium,
      Path folder,
      List<String> only,
      String language,
      ColorScheme theme,
      int width) {
    String suffix = "-" + language + "-" + theme.name().toLowerCase(java.util.Locale.ROOT);
    try (BrowserContext context =
        chromium.newContext(
            new NewContextOptions()
                .setLocale(language.equals("ko") ? "ko-KR" : "en-US")
                .setTimezoneId("Asia/Seoul")
                .setColorScheme(theme)
                .setViewportSize(width, 900))) {
      Page page = context.newPage();
      page.navigate(house.uri("/login").toString());
      picture(page, folder, "login" + suffix + "-" + width, only);
      logIn(page, house, "alice");
      picture(page, folder, "targets" + suffix + "-" + width, only);
      context.clearCookies();
      logIn(page, house, "admin");
      pages(house)
          .forEach(
              (name, path) -> {
                if (!name.equals("targets") && (only.isEmpty() || only.contains(name))) {
                  page.navigate(house.uri(path).toString());
                  page.waitForTimeout(name.equals("replay") || name.equals("live") ? 2_500 : 150);
                  picture(page, folder, name + suffix + "-" + width, only);
                }
              });
    }
  }

  private static void picture(Page page, Path folder, String name, List<String> only) {
    if (only.isEmpty() || only.stream().anyMatch(one -> name.startsWith(one + "-"))) {
      page.screenshot(
          new Page.ScreenshotOptions().setPath(folder.resolve(name + ".png")).setFullPage(true));
    }
  }
}

package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.FilePayload;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.Screenshots;

/// Lists as people have them, on the page that takes them.
@Timeout(240)
class ImportTest {
  private static final int MANY = 10_000;

  private static HttpResponse<String> imported(Browser admin, String text, boolean apply)
      throws Exception {
    return admin.post(
        "/import", Map.of("format", "targets-csv", "text", text, "apply", apply ? "yes" : ""));
  }

  private static int targets(ConsoleHouse house) {
    return house.directory().snapshot().targets().size();
  }

  @Test
  void tenThousandTargetsAreTakenWholeOrNotAtAll() throws Exception {
    String many =
        "name,address\r\n"
            + IntStream.range(0, MANY)
                .mapToObj(i -> "host-%d,10.%d.%d.1\r\n".formatted(i, i / 250 + 1, i % 250))
                .collect(Collectors.joining());
    try (ConsoleHouse house = ConsoleHouse.start();
        Browser admin = Browser.of(house, "admin")) {
      int before = targets(house);
      HttpResponse<String> wrong = imported(admin, many + "HOST,10.1.1.1\r\n", true);
      assertThat(wrong.statusCode()).isEqualTo(422);
      assertThat(wrong.body()).contains("10002", "“HOST”");
      assertThat(targets(house)).isEqualTo(before);
      assertThat(imported(admin, many, false).statusCode()).isEqualTo(200);
      assertThat(targets(house)).isEqualTo(before);
      assertThat(imported(admin, many, true).statusCode()).isEqualTo(200);
      assertThat(targets(house)).isEqualTo(before + MANY);
    }
  }

  @Test
  void aListPartedBySemicolonsIsToldSoInBothLanguages() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start();
        Browser admin = Browser.of(house, "admin")) {
      String list = "이름;주소\r\nweb-9;10.0.3.19\r\n";
      assertThat(imported(admin, list, false).body()).contains("The columns are parted by “;”");
      admin.post("/profile/language", Map.of("language", "ko"));
      assertThat(imported(admin, list, false).body()).contains("열이 “;”(으)로 나뉘어 있습니다");
    }
  }

  @Test
  void aFileOfASpreadsheetIsReadInItsEncodingAndWhatIsNoTextIsToldSo() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start();
        Playwright playwright = Screenshots.playwright();
        com.microsoft.playwright.Browser chromium =
            playwright.chromium().launch(Screenshots.options());
        BrowserContext context = chromium.newContext()) {
      context.setDefaultTimeout(100_000);
      Page page = context.newPage();
      Screenshots.logIn(page, house, "admin");
      page.navigate(house.uri("/import").toString());
      String list = "이름,설명,주소\r\nweb-9,펲시 서버,10.0.3.19\r\n";
      choose(page, list.getBytes(Charset.forName("x-windows-949")));
      page.waitForCondition(() -> page.inputValue("#list").contains("web-9,펲시 서버,10.0.3.19"));
      page.fill("#list", "");
      choose(page, ("\uFEFF" + list).getBytes(StandardCharsets.UTF_8));
      page.waitForCondition(() -> page.inputValue("#list").contains("web-9,펲시 서버,10.0.3.19"));
      page.fill("#list", "as it was");
      choose(page, new byte[] {'a', (byte) 0xff, (byte) 0xfe, 0, 'b'});
      page.waitForCondition(() -> page.locator("input[type=file]:invalid").count() == 1);
      assertThat(page.inputValue("#list")).isEqualTo("as it was");
    }
  }

  private static void choose(Page page, byte[] bytes) {
    page.setInputFiles("input[data-into]", new FilePayload("list.csv", "text/csv", bytes));
  }
}

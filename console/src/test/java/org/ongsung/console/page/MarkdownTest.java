package org.ongsung.console.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownTest {
  @Test
  void markdownBecomesHtmlBelowTheHeadingsOfThePage() {
    assertThat(Markdown.html("# 점검\n\n**토요일** 밤\n둘째 줄\n\n* 하나\n* 둘\n"))
        .isEqualTo(
            """
            <h4>점검</h4>
            <p><strong>토요일</strong> 밤<br>
            둘째 줄</p>
            <ul>
            <li>하나</li>
            <li>둘</li>
            </ul>
            """);
    assertThat(Markdown.html("###### x")).isEqualTo("<h6>x</h6>\n");
  }

  @Test
  void linksGoToWebServersAndMailAlone() {
    assertThat(Markdown.html("[위키](https://wiki.example.com/?a=1&b=2 \"t\")"))
        .isEqualTo(
            "<p><a href=\"https://wiki.example.com/?a=1&amp;b=2\""
                + " rel=\"noopener noreferrer nofollow\">위키</a></p>\n");
    assertThat(Markdown.html("<mailto:a@example.com>")).contains("href=\"mailto:a@example.com\"");
    for (String bad :
        List.of(
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](java&#115;cript:alert(1))",
            "[x](&#x6A;avascript:alert(1))",
            "[x](<java\tscript:alert(1)>)",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](vbscript:x)",
            "[x](//evil.example.com)",
            "[x](/logout)",
            "[x](file:///etc/passwd)",
            "<javascript:alert(1)>",
            "[x][y]\n\n[y]: javascript:alert(1)")) {
      assertThat(Markdown.html(bad)).as(bad).doesNotContain("<a", "href");
    }
  }

  @Test
  void htmlIsShownAsTheTextThatItIs() {
    for (String html :
        List.of(
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "<div onclick=x>\n\nb\n\n</div>",
            "<!-- x --><style>*{}</style>",
            "`<b>`",
            "    <b>",
            "[<b onmouseover=x>](https://x/)",
            "![<script>](https://x/)",
            "[x](https://x/\"onmouseover=alert(1)//)",
            "```\"><script>\nx\n```")) {
      String out =
          Markdown.html(html).replaceAll("</?(p|code|pre|br|a|h[4-6])( [a-z]+=\"[^\"<>]*\")*>", "");
      assertThat(out).as(html).doesNotContain("<");
    }
  }

  @Test
  void picturesStandAsTheirWords() {
    assertThat(Markdown.html("![망 구성도](https://tracker.example.com/p.png)"))
        .isEqualTo("<p>망 구성도</p>\n");
  }

  @Test
  void whatIsMeantToHurtDoesNot() {
    for (String deep : List.of("> ", "[", "*a_ ", "- ", "![[](", "<", "`", "[a](", "\\[")) {
      String text = deep.repeat(10_000 / deep.length());
      assertThatCode(() -> Markdown.html(text)).as(deep).doesNotThrowAnyException();
    }
  }
}

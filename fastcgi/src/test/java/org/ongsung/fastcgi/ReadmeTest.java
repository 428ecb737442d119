package org.ongsung.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/// The README's code is code.
class ReadmeTest {
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void everyPieceOfCodeCompiles() throws IOException {
    List<String> pieces =
        JAVA.matcher(Files.readString(Path.of("README.md")))
            .results()
            .map((MatchResult found) -> found.group(1))
            .toList();
    assertThat(pieces).hasSize(2);
    for (String piece : pieces) {
      assertThat(errors(piece)).as(piece).isEmpty();
    }
  }

  private static String errors(String piece) {
    String source =
        """
        import java.net.*;
        import java.nio.file.*;
        import java.nio.file.attribute.*;
        import java.util.*;
        import org.eclipse.jetty.server.*;
        import org.eclipse.jetty.http.UriCompliance;
        import org.eclipse.jetty.util.thread.ThreadPool;
        import org.ongsung.fastcgi.*;
        import org.ongsung.fastcgi.client.*;
        import org.ongsung.fastcgi.client.FastCgiClient.Limits;
        import org.ongsung.fastcgi.server.*;

        class Piece {
          void piece(ThreadPool threads, byte[] bytes) throws Exception {
            %s
          }
        }
        """
            .formatted(piece);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter told = new StringWriter();
    boolean compiles =
        compiler
            .getTask(
                told,
                null,
                null,
                List.of("-proc:none", "-d", System.getProperty("java.io.tmpdir")),
                null,
                List.of(new InMemory(source)))
            .call();
    return compiles ? "" : told.toString();
  }

  private static final class InMemory extends SimpleJavaFileObject {
    private final String source;

    InMemory(String source) {
      super(URI.create("string:///Piece.java"), Kind.SOURCE);
      this.source = source;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return source;
    }
  }
}

package org.ongsung.server.command;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.CommandFailure;
import org.ongsung.cli.ExitCode;
import org.ongsung.cli.OngsungCommand;
import org.ongsung.cli.Surroundings;
import org.ongsung.cli.words.Phrase;
import org.ongsung.server.data.StartFailure;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What the commands of this room share.
abstract class ServerCommand implements Callable<Integer> {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  @Spec private @Nullable CommandSpec spec;

  /// Does the work.
  ///
  /// @return the exit status
  abstract int run() throws Exception;

  @Override
  public final Integer call() throws Exception {
    try {
      return run();
    } catch (StartFailure e) {
      throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e.advice(), e);
    } finally {
      surroundings().out().flush();
    }
  }

  final OngsungCommand root() {
    if (spec == null) {
      throw new IllegalStateException("picocli has not set the command up");
    }
    return (OngsungCommand) spec.root().userObject();
  }

  final Surroundings surroundings() {
    return root().surroundings();
  }

  /// The words of [Phrase] in the person's language.
  final String words(String key, Object... arguments) {
    return Phrase.of(key, arguments).in(surroundings().language());
  }

  final boolean json() {
    return root().output() == OngsungCommand.OutputForm.json;
  }

  final void printJson(Object value) {
    surroundings().out().println(JSON.writeValueAsString(value));
  }
}

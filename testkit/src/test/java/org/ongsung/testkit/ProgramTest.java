package org.ongsung.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgramTest {
  @Test
  void aProgramSeesItsInputAndNothingOfThePersonsEnvironment() {
    CompletedProgram done =
        Program.of("sh", "-c", "cat; env | cut -d= -f1 | sort | tr '\\n' ' '; echo e >&2; exit 4")
            .environment("X", "1")
            .input("in ")
            .run();

    assertThat(done.exit()).isEqualTo(4);
    assertThat(done.stdout()).isEqualTo("in HOME LANG PATH PWD TERM X ");
    assertThat(done.stderr()).isEqualTo("e\n");
    assertThatThrownBy(done::expectSuccess)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("exit 4");
  }

  @Test
  void aProgramThatDoesNotEndIsKilledAtItsDeadline() {
    Program endless = Program.of("sleep", "1000").within(Duration.ofMillis(200));

    assertThatThrownBy(endless::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("still running");
  }

  @Test
  void aProgramThatDoesNotReadItsInputIsWell() {
    assertThat(Program.of("true").input(new byte[1_000_000]).run().exit()).isZero();
  }

  @Test
  void aRunningProgramCanBeSpokenWithAndSignalled() {
    try (RunningProgram cat = Program.of("cat").start()) {
      cat.type("안녕\n").awaitOutput("안녕", Deadlines.ACTION);
      cat.signal("TERM");
      assertThat(cat.await(Deadlines.ACTION).exit()).isEqualTo(143);
    }
  }

  @Test
  void waitingForWhatNeverComesEndsAtTheDeadline() {
    assertThatThrownBy(() -> Deadlines.await("it is so", Duration.ofMillis(50), () -> false))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("it is so");
  }
}

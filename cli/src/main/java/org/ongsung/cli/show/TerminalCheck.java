package org.ongsung.cli.show;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/// Asks the operating system whether a file descriptor is a terminal (`isatty`, POSIX.1-2024).
/// `System.console()` cannot tell one stream from the other.
public final class TerminalCheck {
  private TerminalCheck() {}

  /// Whether the file descriptor is a terminal; false where nobody can say.
  @SuppressWarnings("restricted") // one call into libc; the launcher grants native access
  public static boolean isTerminal(int fileDescriptor) {
    try {
      Linker linker = Linker.nativeLinker();
      return linker
          .defaultLookup()
          .find("isatty")
          .map(
              function ->
                  linker.downcallHandle(
                      function, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)))
          .map(isatty -> invoke(isatty, fileDescriptor))
          .orElse(false);
    } catch (UnsupportedOperationException | IllegalCallerException e) {
      return false;
    }
  }

  private static boolean invoke(java.lang.invoke.MethodHandle isatty, int fileDescriptor) {
    try {
      return (int) isatty.invokeExact(fileDescriptor) == 1;
    } catch (Throwable e) { // what a method handle is declared to throw; isatty throws nothing
      throw new IllegalStateException(e);
    }
  }
}

package org.ongsung.practice.shell;

/// What one shell may use.
///
/// @param maxLineChars one command line, inclusive
/// @param maxWords the words of one command after expansion, inclusive
/// @param maxPipelineCommands commands with `|` between them, inclusive
/// @param maxHistoryLines lines that the arrows bring back
/// @param maxOutputBytes what one command line may write to its channel, inclusive
/// @param maxBufferBytes what a command that must see all its input before it writes (sort, tac)
///   may hold, inclusive
/// @param maxSleepSeconds the longest sleep, inclusive
/// @param maxNesting `sh -c` within `sh -c`, inclusive
public record ShellLimits(
    int maxLineChars,
    int maxWords,
    int maxPipelineCommands,
    int maxHistoryLines,
    long maxOutputBytes,
    int maxBufferBytes,
    int maxSleepSeconds,
    int maxNesting) {
  /// 8192 characters, 4096 words, 16 commands, 500 lines, 16 GiB, 16 MiB, an hour, 4 deep.
  public static final ShellLimits DEFAULT =
      new ShellLimits(8192, 4096, 16, 500, 16L << 30, 16 << 20, 3600, 4);

  public ShellLimits {
    if (maxLineChars < 1
        || maxWords < 1
        || maxPipelineCommands < 1
        || maxHistoryLines < 1
        || maxOutputBytes < 1
        || maxBufferBytes < 1
        || maxSleepSeconds < 1
        || maxNesting < 1) {
      throw new IllegalArgumentException("every limit of the practice shell must be at least 1");
    }
  }
}

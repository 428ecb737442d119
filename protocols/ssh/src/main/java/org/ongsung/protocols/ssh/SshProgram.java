package org.ongsung.protocols.ssh;

import org.ongsung.model.Capability;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.SessionChannel;
import org.ongsung.wire.command.CommandRecogniser;
import org.ongsung.wire.command.RecognisedCommand;

/// What a session channel is asked to run (RFC 4254 section 6.5).
///
/// @param capability what the grant must allow
/// @param kind as what it is recorded
/// @param subject the command or subsystem; empty for a shell
record SshProgram(Capability capability, ChannelKind kind, String subject) {
  private static ChannelKind kind(String command) {
    return switch (CommandRecogniser.recognise(command)) {
      case RecognisedCommand.Scp _ -> ChannelKind.SCP;
      case RecognisedCommand.Rsync _ -> ChannelKind.RSYNC;
      case RecognisedCommand.Git _ -> ChannelKind.GIT;
      case RecognisedCommand.SftpServer _ -> ChannelKind.SFTP;
      case RecognisedCommand.Ordinary _ -> ChannelKind.EXEC;
    };
  }

  /// Whether the record can show the whole of it: of a longer one it would hide the end.
  boolean fitsTheRecord() {
    return subject.length() <= SessionChannel.MAX_SUBJECT_CHARACTERS;
  }

  /// Whether a channel request starts a program.
  static boolean isProgram(String request) {
    return request.equals("shell") || request.equals("exec") || request.equals("subsystem");
  }

  /// The program of a request, by the request's name and its argument.
  static SshProgram of(String request, String argument) {
    return switch (request) {
      case "shell" -> new SshProgram(Capability.SHELL, ChannelKind.SHELL, "");
      case "exec" -> new SshProgram(Capability.EXEC, kind(argument), argument);
      default ->
          argument.equals("sftp")
              ? new SshProgram(Capability.SFTP, ChannelKind.SFTP, argument)
              : new SshProgram(Capability.EXEC, ChannelKind.EXEC, "subsystem " + argument);
    };
  }
}

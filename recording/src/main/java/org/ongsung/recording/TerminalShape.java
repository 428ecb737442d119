package org.ongsung.recording;

/// The type and size of a person's terminal when its channel opens.
///
/// @param type the value of `TERM`, untrusted
/// @param columns brought between 1 and 4,096 in the recording
/// @param rows likewise
public record TerminalShape(String type, int columns, int rows) {}

/// What was typed and shown, as lines of text: the last step of the path, behind `recording`. Lines
/// are made from recordings in the background ([org.ongsung.transcript.Transcriber]), lie in the
/// database ([org.ongsung.transcript.line.TranscriptStore]) and are searched through an index that
/// each node keeps ([org.ongsung.transcript.index]). Imports `model`, `wire` and `recording`.
@NullMarked
package org.ongsung.transcript;

import org.jspecify.annotations.NullMarked;

package org.ongsung.transcript;

import org.ongsung.model.SessionChannel;
import org.ongsung.transcript.line.Direction;

/// A channel whose payload nobody keeps, such as a forward: one line that says what it was about.
final class SubjectChannel implements ChannelSource {
  private final SessionChannel channel;
  private final ChannelLines written;

  SubjectChannel(SessionChannel channel, ChannelLines written) {
    this.channel = channel;
    this.written = written;
  }

  @Override
  public boolean advance(boolean ended) {
    String subject = channel.subject();
    String kind = channel.kind().text();
    written.lines().add(Direction.INPUT, 0, "", subject.isBlank() ? kind : kind + " " + subject);
    written.finish(0);
    return false;
  }

  @Override
  public boolean isDone() {
    return written.isDone();
  }
}

package org.ongsung.fastcgi.front;

import org.ongsung.testkit.FrontServer;

class LighttpdOverUnixTest extends FrontServerBattery {
  @Override
  FrontServer front(Application behind) {
    return Fronts.lighttpd("\"socket\" => \"" + behind.socket() + "\"");
  }

  /// lighttpd sends what it has with a length of its own.
  @Override
  boolean tellsCutFromEnd() {
    return false;
  }

  /// lighttpd asks for none.
  @Override
  boolean keepsConnections() {
    return false;
  }
}

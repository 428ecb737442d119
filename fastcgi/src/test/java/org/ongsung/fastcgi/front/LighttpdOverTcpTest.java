package org.ongsung.fastcgi.front;

import org.ongsung.testkit.FrontServer;

class LighttpdOverTcpTest extends FrontServerBattery {
  @Override
  FrontServer front(Application behind) {
    return Fronts.lighttpd("\"host\" => \"127.0.0.1\", \"port\" => " + behind.tcp().getPort());
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

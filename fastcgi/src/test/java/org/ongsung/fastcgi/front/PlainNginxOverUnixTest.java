package org.ongsung.fastcgi.front;

import org.ongsung.testkit.FrontServer;

class PlainNginxOverUnixTest extends FrontServerBattery {
  @Override
  FrontServer front(Application behind) {
    return Fronts.plainNginx("unix:" + behind.socket());
  }

  /// It asks for none unless told to.
  @Override
  boolean keepsConnections() {
    return false;
  }
}

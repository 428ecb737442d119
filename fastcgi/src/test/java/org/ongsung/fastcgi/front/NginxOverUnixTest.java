package org.ongsung.fastcgi.front;

import org.ongsung.testkit.FrontServer;

class NginxOverUnixTest extends FrontServerBattery {
  @Override
  FrontServer front(Application behind) {
    return Fronts.nginx("unix:" + behind.socket());
  }
}

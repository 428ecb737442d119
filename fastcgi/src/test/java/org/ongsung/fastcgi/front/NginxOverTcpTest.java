package org.ongsung.fastcgi.front;

import org.ongsung.testkit.FrontServer;

class NginxOverTcpTest extends FrontServerBattery {
  @Override
  FrontServer front(Application behind) {
    return Fronts.nginx(Fronts.authority(behind.tcp()));
  }
}

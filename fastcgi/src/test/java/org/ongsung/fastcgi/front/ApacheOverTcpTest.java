package org.ongsung.fastcgi.front;

import org.ongsung.testkit.FrontServer;

class ApacheOverTcpTest extends FrontServerBattery {
  @Override
  FrontServer front(Application behind) {
    return Fronts.apache("fcgi://" + Fronts.authority(behind.tcp()));
  }

  /// mod_proxy_fcgi waits for the application alone.
  @Override
  boolean noticesLeavingWhileIdle() {
    return false;
  }
}

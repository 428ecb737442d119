package org.ongsung.fastcgi.front;

import org.ongsung.testkit.FrontServer;

class ApacheOverUnixTest extends FrontServerBattery {
  @Override
  FrontServer front(Application behind) {
    return Fronts.apache("unix:" + behind.socket() + "|fcgi://app");
  }

  /// mod_proxy_fcgi waits for the application alone.
  @Override
  boolean noticesLeavingWhileIdle() {
    return false;
  }
}

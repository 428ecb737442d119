package org.ongsung.server.running;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.ongsung.server.configuration.LogLevel;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// The log of this process; its form stands in `logback.xml`. Libraries that log by
/// `java.util.logging` come to it too, and so through the same filter.
public final class Logs {
  private Logs() {}

  /// Sets how much it tells.
  public static void setLevel(LogLevel level) {
    if (!SLF4JBridgeHandler.isInstalled()) {
      SLF4JBridgeHandler.removeHandlersForRootLogger();
      SLF4JBridgeHandler.install();
    }
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext context) {
      context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.valueOf(level.name()));
    }
  }
}

package org.ongsung.server.configuration;

/// How much the log tells.
public enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG
}

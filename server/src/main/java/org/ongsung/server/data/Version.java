package org.ongsung.server.data;

/// Which Ongsung this is.
public final class Version {
  private Version() {}

  /// The version of the jar, or `unreleased` when run from classes.
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "unreleased" : version;
  }
}

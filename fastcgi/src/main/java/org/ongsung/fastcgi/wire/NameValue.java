package org.ongsung.fastcgi.wire;

/// One parameter. Its texts hold one byte of the wire per character (ISO 8859-1), so that no byte
/// is lost.
public record NameValue(String name, String value) {}

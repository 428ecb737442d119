package org.ongsung.console.services;

import java.net.InetSocketAddress;
import org.ongsung.console.tls.CertificateFiles;

/// Where browsers reach the console by TLS of its own.
public record TlsListener(InetSocketAddress listen, CertificateFiles files) {}

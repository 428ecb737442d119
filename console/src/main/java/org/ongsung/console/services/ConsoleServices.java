package org.ongsung.console.services;

import java.time.InstantSource;
import org.ongsung.audit.Ledger;
import org.ongsung.directory.Directory;
import org.ongsung.gateway.LiveSessions;
import org.ongsung.policy.Authenticator;
import org.ongsung.policy.Authorizer;
import org.ongsung.policy.TokenStore;
import org.ongsung.recording.SessionStore;

/// The ports that the console works with; composed in `server`.
public record ConsoleServices(
    Directory directory,
    Authenticator authenticator,
    Authorizer authorizer,
    TokenStore tokens,
    Ledger ledger,
    SessionStore sessions,
    LiveSessions live,
    InstantSource clock) {}

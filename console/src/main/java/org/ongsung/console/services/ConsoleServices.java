package org.ongsung.console.services;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.ongsung.audit.Ledger;
import org.ongsung.directory.Directory;
import org.ongsung.directory.Passwords;
import org.ongsung.directory.access.AccessApplication;
import org.ongsung.directory.adhoc.AdHocTargets;
import org.ongsung.directory.wall.Wall;
import org.ongsung.gateway.Gateway;
import org.ongsung.gateway.GatewayFigures;
import org.ongsung.gateway.LiveSessions;
import org.ongsung.gateway.files.FileSessions;
import org.ongsung.gateway.terminal.Terminals;
import org.ongsung.gateway.terminal.Tunnels;
import org.ongsung.gateway.via.Passages;
import org.ongsung.jobs.JobQueue;
import org.ongsung.jobs.Jobs;
import org.ongsung.model.Protocol;
import org.ongsung.policy.Authorizer;
import org.ongsung.policy.ThrottledAuthenticator;
import org.ongsung.policy.TokenStore;
import org.ongsung.recording.Recordings;
import org.ongsung.recording.RetentionStore;
import org.ongsung.recording.SessionStore;
import org.ongsung.transcript.index.LineFinder;
import org.ongsung.transcript.line.TranscriptStore;
import org.ongsung.vault.OwnSecrets;

/// The ports that the console works with; composed in `server`.
///
/// @param passages where workers ask for sessions to carry
/// @param adHoc registers targets on the fly, where that is configured
/// @param terminals the way to every target's terminal, for browsers
/// @param tunnels one-time ports, by what people come with, where there are any
/// @param files the files of targets, where pages show them
/// @param figures what the gateway counts, for `/metrics` and the status; cheap
public record ConsoleServices(
    Directory directory,
    AccessApplication access,
    Passwords passwords,
    ThrottledAuthenticator authenticator,
    Authorizer authorizer,
    TokenStore tokens,
    Ledger ledger,
    SessionStore sessions,
    RetentionStore retention,
    Recordings recordings,
    TranscriptStore transcripts,
    LineFinder lines,
    LiveSessions live,
    Gateway gateway,
    Terminals terminals,
    Supplier<GatewayFigures> figures,
    Optional<FileSessions> files,
    Backup backup,
    ReportFiles reports,
    Jobs jobs,
    JobQueue queue,
    Passages passages,
    Wall wall,
    OwnSecrets ownSecrets,
    Optional<AdHocTargets> adHoc,
    Map<Protocol, Tunnels> tunnels,
    InstantSource clock) {}

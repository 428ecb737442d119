package org.ongsung.gateway;

/// What a gateway counts, at one moment; for metrics.
///
/// @param liveSessions sessions carried now
/// @param openRecordings recordings that grow now
/// @param startedSessions since the process began
/// @param refusedSessions since the process began, for limits, space, drain or a broken record
/// @param terminatedSessions since the process began, by the gateway
/// @param bytesFromClients payload since the process began
/// @param bytesToClients likewise
/// @param queuedRecordingBytes payload that waits in memory to be recorded
/// @param lateWrites entries that the ledger or the store did not take yet
/// @param usableRecordingBytes free space as of the last look
public record GatewayFigures(
    long liveSessions,
    long openRecordings,
    long startedSessions,
    long refusedSessions,
    long terminatedSessions,
    long bytesFromClients,
    long bytesToClients,
    long queuedRecordingBytes,
    long lateWrites,
    long usableRecordingBytes) {}

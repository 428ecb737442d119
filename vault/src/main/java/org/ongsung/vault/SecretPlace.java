package org.ongsung.vault;

/// Which secret: an account's or the gateway's own. Its text is bound into the seal, so that a
/// sealed secret moved to another place does not open.
public sealed interface SecretPlace permits SecretId, OwnSecret {}

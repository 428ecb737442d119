package org.ongsung.policy;

import org.ongsung.model.Account;
import org.ongsung.model.Grant;

/// An account that somebody may use, and the grant that lets them.
public record Reach(Account account, Grant grant) {}

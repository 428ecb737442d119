package org.ongsung.console.http;

import java.util.Optional;
import org.ongsung.model.Name;
import org.ongsung.model.SessionId;

/// Knows whose session it is. Blocks.
@FunctionalInterface
public interface Owners {
  Optional<Name> ownerOf(SessionId session);
}

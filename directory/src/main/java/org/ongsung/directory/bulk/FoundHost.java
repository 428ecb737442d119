package org.ongsung.directory.bulk;

import java.util.Map;

/// A host that an inventory or an `ssh_config` names.
///
/// @param line where
/// @param alias as it is called there
/// @param host its name or address
/// @param port 0 where none is said
/// @param login empty where none is said
/// @param labels what it is to carry
record FoundHost(
    int line, String alias, String host, int port, String login, Map<String, String> labels) {
  FoundHost {
    labels = Map.copyOf(labels);
  }
}

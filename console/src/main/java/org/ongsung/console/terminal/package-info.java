/// Terminals in browsers: a front of the gateway's like any other, reached by WebSocket or, where
/// that does not pass, by server-sent events and posts.
///
/// On the path it stands after *authenticate*, which the console's door has done:
/// [BrowserTerminals] asks the policy for a permission and hands it to
/// [org.ongsung.gateway.terminal.Terminals]. It imports the console's `http` room, the gateway and
/// the policy.
@NullMarked
package org.ongsung.console.terminal;

import org.jspecify.annotations.NullMarked;

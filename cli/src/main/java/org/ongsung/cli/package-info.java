/// The command line: a client of the HTTP API, but for what must work offline.
///
/// [OngsungCommand] is the root, every other command stands in a class of its own. What a command
/// may touch of the world outside (streams, environment, folders, the terminal) comes to it in
/// [Surroundings], so that tests run commands as they are. Commands that need the whole gateway
/// (`serve`, `demo`, `doctor`, `backup`, `restore`, `package`) are added by `server`.
@NullMarked
package org.ongsung.cli;

import org.jspecify.annotations.NullMarked;

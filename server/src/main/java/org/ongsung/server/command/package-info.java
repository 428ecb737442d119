/// The commands that are a gateway, or look after one: `serve`, `demo`, `doctor`, `backup`,
/// `restore`, `package`, `version`.
@NullMarked
package org.ongsung.server.command;

import org.jspecify.annotations.NullMarked;

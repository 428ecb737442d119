/// What an operator can set: `ongsung.yaml`, each key overridable from the environment, every
/// problem told with its line.
@NullMarked
package org.ongsung.server.configuration;

import org.jspecify.annotations.NullMarked;

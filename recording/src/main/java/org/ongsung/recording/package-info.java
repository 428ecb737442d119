/// What was said: sessions, channels and their recordings, written, sealed, replayed. Imports
/// `model` and `wire`.
@NullMarked
package org.ongsung.recording;

import org.jspecify.annotations.NullMarked;

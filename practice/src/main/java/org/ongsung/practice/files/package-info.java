/// The practice target's file system: in memory, bounded, apart from the host's. The lowest of the
/// practice packages.
@NullMarked
package org.ongsung.practice.files;

import org.jspecify.annotations.NullMarked;

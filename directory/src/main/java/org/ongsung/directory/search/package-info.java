/// Finding entries of the directory as somebody types: an index in memory over one snapshot.
/// Imports `model` and the directory's own snapshot.
@NullMarked
package org.ongsung.directory.search;

import org.jspecify.annotations.NullMarked;

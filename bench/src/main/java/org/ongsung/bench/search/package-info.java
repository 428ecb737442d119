/// The search over transcripts, measured and checked against a scan. See `bench/search`.
@NullMarked
package org.ongsung.bench.search;

import org.jspecify.annotations.NullMarked;

/// An SSH target to practise on: a small shell and file system in memory that give no access to the
/// host. Imports nothing of ours.
@NullMarked
package org.ongsung.practice;

import org.jspecify.annotations.NullMarked;

/// The practice target's shell: a small command language and its commands over the file system in
/// memory. It starts no process and knows no file of the host.
@NullMarked
package org.ongsung.practice.shell;

import org.jspecify.annotations.NullMarked;

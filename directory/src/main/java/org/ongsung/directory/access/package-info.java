/// The access file: the directory as a document that people keep in their own repository, apply and
/// export. Read by the command line, planned and applied where the directory is.
@NullMarked
package org.ongsung.directory.access;

import org.jspecify.annotations.NullMarked;

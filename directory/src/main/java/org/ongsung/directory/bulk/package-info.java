/// Users and targets in and out by the list: CSV both ways, and targets from an Ansible inventory
/// or an `ssh_config`. What is read becomes an access document, and takes the same way from there.
/// Imports `wire` and the directory's own packages.
@NullMarked
package org.ongsung.directory.bulk;

import org.jspecify.annotations.NullMarked;

/// Users, groups, targets, accounts and grants: reading, changing, apply and export. Imports
/// `model`, `wire`, `vault` and `audit`.
@NullMarked
package org.ongsung.directory;

import org.jspecify.annotations.NullMarked;

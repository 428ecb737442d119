/// The nouns of the house: records, sealed types and enums that say what a user, a target, a grant
/// or a session *is*. No input, no output; imports nothing of ours.
@NullMarked
package org.ongsung.model;

import org.jspecify.annotations.NullMarked;

/// What the console works with and what it works out for both the API and the pages: the ports it
/// is given, its settings and limits, and the questions that more than one page asks. Imports
/// `directory`, `policy`, `recording`, `gateway`, `audit`.
@NullMarked
package org.ongsung.console.services;

import org.jspecify.annotations.NullMarked;

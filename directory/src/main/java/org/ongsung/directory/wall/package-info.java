/// What stands on the wall, the page that people open every morning, besides their targets: the
/// stars that each has given, notices and links. Stands beside the path: nobody gets anywhere by
/// it. Imports `model`, `audit` and the directory's own words.
@NullMarked
package org.ongsung.directory.wall;

import org.jspecify.annotations.NullMarked;

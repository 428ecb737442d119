/// A reader for the YAML that people write by hand: access files and the gateway's configuration.
/// Every error names its line and says what is expected, and as many as possible are told at once.
///
/// ```java
/// Access access = YamlReader.read("access.yaml", bytes, YamlLimits.DEFAULT, root ->
///     new Access(root.mappings("users", user -> new User(user.string("name"), user.strings("groups")))));
/// ```
@NullMarked
package org.ongsung.wire.yaml;

import org.jspecify.annotations.NullMarked;

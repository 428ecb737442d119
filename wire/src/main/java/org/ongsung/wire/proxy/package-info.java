/// The PROXY protocol, versions 1 and 2 (HAProxy's specification `proxy-protocol.txt`, 2020): what
/// a load balancer says of a connection's client before the first byte of the connection itself.
///
/// On the path it stands before *accept* is done: a listener reads the header of a configured peer
/// and takes the client's address from it.
@NullMarked
package org.ongsung.wire.proxy;

import org.jspecify.annotations.NullMarked;

/// `bench/ssh`: one run that measures direct, ProxyJump, an OpenSSH bastion and Ongsung,
/// interleaved.
@NullMarked
package org.ongsung.bench.ssh;

import org.jspecify.annotations.NullMarked;

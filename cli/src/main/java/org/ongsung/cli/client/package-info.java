/// Speaking to a gateway's HTTP API: where it is, who we are to it, requests and answers.
@NullMarked
package org.ongsung.cli.client;

import org.jspecify.annotations.NullMarked;

/// The JSON API under `/api/v1`: what the command line speaks. The OpenAPI document is made from
/// the route table.
@NullMarked
package org.ongsung.console.api;

import org.jspecify.annotations.NullMarked;

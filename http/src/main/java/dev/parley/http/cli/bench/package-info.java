/**
 * The load generator: closed loops over keep-alive connections, a few threads for all of them, so that on a machine it
 * shares with the nodes it measures them and not itself.
 */
@NullMarked
package dev.parley.http.cli.bench;

import org.jspecify.annotations.NullMarked;

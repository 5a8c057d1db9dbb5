/**
 * The replicated state machine: what a command means, decided without clock, randomness, threads or
 * I/O, so that every node that applies the same entries reaches the same state.
 */
@NullMarked
package dev.parley.store.kv;

import org.jspecify.annotations.NullMarked;

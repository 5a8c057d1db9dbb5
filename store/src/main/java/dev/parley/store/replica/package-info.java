/** One node's copy: proposes, applies, answers reads. One thread owns the state machine. */
@NullMarked
package dev.parley.store.replica;

import org.jspecify.annotations.NullMarked;

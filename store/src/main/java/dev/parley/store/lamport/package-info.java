/** Logical time. Pure; imports nothing from the rest. */
@NullMarked
package dev.parley.store.lamport;

import org.jspecify.annotations.NullMarked;

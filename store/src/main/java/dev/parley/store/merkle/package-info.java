/** A SHA-256 tree that grows leaf by leaf, its proofs, and a digest of a set. Pure; imports nothing from the rest. */
@NullMarked
package dev.parley.store.merkle;

import org.jspecify.annotations.NullMarked;

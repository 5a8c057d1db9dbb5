/** A state as one file that can be kept elsewhere, and the way back from it. */
@NullMarked
package dev.parley.store.backup;

import org.jspecify.annotations.NullMarked;

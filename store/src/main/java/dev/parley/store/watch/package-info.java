/** Reads what happened, revision by revision: the history of a key, and what a watcher has not seen yet. */
@NullMarked
package dev.parley.store.watch;

import org.jspecify.annotations.NullMarked;

/** The port to the replicated log: one total order of entries, appended to by many writers. */
@NullMarked
package dev.parley.store.log;

import org.jspecify.annotations.NullMarked;

/** The small program that stands between a node and a program it runs, and outlives the node just long enough. */
@NullMarked
package dev.parley.coordination.process.guard;

import org.jspecify.annotations.NullMarked;

/**
 * Singletons and supervised processes: what runs where is agreed, one node runs it, and what it does through Parley is
 * accepted only as long as it holds its place.
 */
@NullMarked
package dev.parley.coordination.process;

import org.jspecify.annotations.NullMarked;

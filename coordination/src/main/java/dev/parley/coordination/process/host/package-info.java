/** Runs the instances that this node holds, starts them again when they end, and keeps what they say. */
@NullMarked
package dev.parley.coordination.process.host;

import org.jspecify.annotations.NullMarked;

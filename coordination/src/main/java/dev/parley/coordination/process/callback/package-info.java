/** Services outside of the cluster as processes: told to start and to stop by HTTP, alive as long as their lease. */
@NullMarked
package dev.parley.coordination.process.callback;

import org.jspecify.annotations.NullMarked;

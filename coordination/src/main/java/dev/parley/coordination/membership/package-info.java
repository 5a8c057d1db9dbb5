/** Which nodes are there right now. */
@NullMarked
package dev.parley.coordination.membership;

import org.jspecify.annotations.NullMarked;

/** Which node should try to lead. A hint only: who leads is decided in the log. */
@NullMarked
package dev.parley.coordination.election;

import org.jspecify.annotations.NullMarked;

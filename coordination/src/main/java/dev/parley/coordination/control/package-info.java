/** What a node knows of itself and of the cluster: its parts, who is there, and what happened. */
@NullMarked
package dev.parley.coordination.control;

import org.jspecify.annotations.NullMarked;

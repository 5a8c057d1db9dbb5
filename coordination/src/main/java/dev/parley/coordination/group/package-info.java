/**
 * Groups of members that come and go: who is in which group, as this node sees it. Gossiped: each node speaks for the
 * members that joined through it, and a node that cannot be reached takes them out of view with it.
 */
@NullMarked
package dev.parley.coordination.group;

import org.jspecify.annotations.NullMarked;

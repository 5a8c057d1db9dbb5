/** Tells others what happened: listeners in this process, and whoever gave an address. */
@NullMarked
package dev.parley.coordination.hook;

import org.jspecify.annotations.NullMarked;

/** The connection to the ensemble, shared by all that speaks to it. */
@NullMarked
package dev.parley.coordination.ensemble;

import org.jspecify.annotations.NullMarked;

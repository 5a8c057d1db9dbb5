/** The ways of running something: Java code found by {@link java.util.ServiceLoader}, and what the kinds share. */
@NullMarked
package dev.parley.coordination.process.kind;

import org.jspecify.annotations.NullMarked;

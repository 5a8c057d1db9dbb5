/** Programs of the operating system as processes: which there are, how they are started, watched and ended. */
@NullMarked
package dev.parley.coordination.process.command;

import org.jspecify.annotations.NullMarked;

/** Work at times that a cron expression names: which ticks are due, who has claimed them, what became of them. */
@NullMarked
package dev.parley.coordination.process.cron;

import org.jspecify.annotations.NullMarked;

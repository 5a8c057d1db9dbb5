/** What a member thinks of a proposed configuration, and how it says so. */
@NullMarked
package dev.parley.coordination.config;

import org.jspecify.annotations.NullMarked;

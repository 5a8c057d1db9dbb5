/** The command line: what people and scripts type. Knows the node, and everything else by HTTP. */
@NullMarked
package dev.parley.http.cli;

import org.jspecify.annotations.NullMarked;

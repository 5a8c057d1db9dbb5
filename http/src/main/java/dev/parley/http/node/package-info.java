/** One Parley node: its configuration, and the one list that starts it from the disk outwards. */
@NullMarked
package dev.parley.http.node;

import org.jspecify.annotations.NullMarked;

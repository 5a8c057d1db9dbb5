/** Chat rooms: what a room holds, how two histories of it become one (pure), and the journal they are kept in. */
@NullMarked
package dev.parley.store.chat;

import org.jspecify.annotations.NullMarked;

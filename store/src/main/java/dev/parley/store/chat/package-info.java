/**
 * Chat rooms: what a room holds, how two histories of it become one and up to where everybody has it (pure), and the journal
 * and the tables they are kept in.
 */
@NullMarked
package dev.parley.store.chat;

import org.jspecify.annotations.NullMarked;

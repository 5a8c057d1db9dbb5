/** Named channels: what one node publishes, all nodes get, each publisher's messages in order. Gossiped, kept in memory. */
@NullMarked
package dev.parley.coordination.channel;

import org.jspecify.annotations.NullMarked;

/** Chat between clients of all nodes: what is posted through one is kept by all, with or without ZooKeeper. Gossiped. */
@NullMarked
package dev.parley.coordination.chat;

import org.jspecify.annotations.NullMarked;

/** ZooKeeper inside this process: one server, or this node's member of an ensemble of three or five. */
@NullMarked
package dev.parley.coordination.embedded;

import org.jspecify.annotations.NullMarked;

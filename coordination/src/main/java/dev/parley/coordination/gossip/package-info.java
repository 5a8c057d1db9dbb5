/**
 * The gossiped plane: links between the nodes that need no agreement and no ZooKeeper, and what travels on them.
 *
 * <p>Every node opens two connections to every other, one for control and one for data, and sends on those it opened. A
 * message may be lost with its connection; what must arrive is compared and sent again by the service it belongs to.
 */
@NullMarked
package dev.parley.coordination.gossip;

import org.jspecify.annotations.NullMarked;

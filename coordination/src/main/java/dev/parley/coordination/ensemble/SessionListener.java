package dev.parley.coordination.ensemble;

import org.apache.zookeeper.ZooKeeper;

/**
 * Told about the connection in the order ZooKeeper's event thread sees it: after {@link #disconnected()} every call
 * that was pending on the handle has been answered or will be before the next {@link #connected}'s answers. Called on
 * that thread, so it must not block.
 */
public interface SessionListener {
    /**
     * @param handle use this one until told otherwise
     * @param session grows with every new session; the same again is a reconnect
     */
    void connected(ZooKeeper handle, long session);

    void disconnected();
}

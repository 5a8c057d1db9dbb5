package dev.parley.coordination.zklog;

import org.apache.zookeeper.ZooKeeper;

/** One stretch of being connected. A reconnect of the same session is another link. Compared by identity. */
final class Link {
    private final ZooKeeper handle;
    private final long session;

    Link(ZooKeeper handle, long session) {
        this.handle = handle;
        this.session = session;
    }

    ZooKeeper handle() {
        return handle;
    }

    long session() {
        return session;
    }
}

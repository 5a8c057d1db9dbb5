package dev.parley.coordination.zklog;

import org.junit.jupiter.api.Tag;

@Tag("processes")
final class ZooKeeperLogContractTest extends OnZooKeeper {
    @Override
    LogConfig config() {
        return CONFIG;
    }
}

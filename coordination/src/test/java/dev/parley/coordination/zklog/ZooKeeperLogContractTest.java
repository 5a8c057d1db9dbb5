package dev.parley.coordination.zklog;

final class ZooKeeperLogContractTest extends OnZooKeeper {
    @Override
    LogConfig config() {
        return CONFIG;
    }
}

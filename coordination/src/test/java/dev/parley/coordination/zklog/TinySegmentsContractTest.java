package dev.parley.coordination.zklog;

/** Every test of the contract crosses from segment to segment. */
final class TinySegmentsContractTest extends OnZooKeeper {
    @Override
    LogConfig config() {
        return CONFIG.withSegmentEntriesMax(7);
    }
}

package dev.parley.coordination.zklog;

import org.junit.jupiter.api.Tag;

/** Every test of the contract crosses from segment to segment. */
@Tag("processes")
final class TinySegmentsContractTest extends OnZooKeeper {
    @Override
    LogConfig config() {
        return CONFIG.withSegmentEntriesMax(7);
    }
}

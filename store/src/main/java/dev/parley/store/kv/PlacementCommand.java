package dev.parley.store.kv;

import java.util.Optional;

/** About where processes run; from the leader, but for the reports. */
public sealed interface PlacementCommand extends Command.SystemCommand {
    /**
     * Gives an instance to a node. Refused unless the process is as of {@code processRevision}, a place is free and the node
     * there.
     *
     * @param attendance which stay of the node
     * @param home where the ring would have it
     */
    record PlaceInstance(long epoch, String name, long processRevision, String node, long attendance, String home)
            implements PlacementCommand {
        public PlaceInstance {
            Bounds.name(name);
            Bounds.node(node);
        }
    }

    /** The node is to stop the instance; then it is placed again. */
    record WithdrawInstance(long epoch, String name, String node, long token) implements PlacementCommand {
        public WithdrawInstance {
            Bounds.name(name);
        }
    }

    /** Frees the place of an instance whose node is gone. */
    record ForgetInstance(long epoch, String name, String node, long token) implements PlacementCommand {
        public ForgetInstance {
            Bounds.name(name);
        }
    }

    /** Instances begin to move because the nodes are others, or have moved. @param instances how many */
    record NoteRedistribution(long epoch, boolean begun, int instances) implements PlacementCommand {}

    /** What became of an instance, told by the node that runs it. Refused when it is not placed there. */
    record ReportInstance(String name, String node, long token, Report report) implements PlacementCommand {
        /** Restarts count from the placement on. */
        public sealed interface Report {
            record Running(int restarts) implements Report {}

            /** It ended by itself and is started again. */
            record Ended(int restarts, String reason) implements Report {}

            record Finished(int restarts) implements Report {}

            record Failed(int restarts, String reason) implements Report {}

            /** Nothing of it runs: it was asked to stop, or was not taken. @param state handed over */
            record Released(Optional<Bytes> state) implements Report {
                public Released {
                    state.ifPresent(given -> Bounds.size("state", given, Limits.HANDED_OVER_BYTES_MAX));
                }
            }
        }

        public ReportInstance {
            Bounds.name(name);
        }
    }
}

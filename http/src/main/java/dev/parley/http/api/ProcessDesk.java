package dev.parley.http.api;

import dev.parley.coordination.process.Kinds;
import dev.parley.coordination.process.ProcessHost;
import java.util.Optional;
import java.util.Set;

/** What this node knows of running processes, for those who answer requests. Any thread. */
public interface ProcessDesk {
    /** Of a node that runs nothing and knows no kind. */
    ProcessDesk NONE = new ProcessDesk() {
        @Override
        public Kinds kinds() {
            return new Kinds() {
                @Override
                public Optional<dev.parley.coordination.process.Kind> named(String name) {
                    return Optional.empty();
                }

                @Override
                public Set<String> names() {
                    return Set.of();
                }
            };
        }

        @Override
        public Optional<ProcessHost> host() {
            return Optional.empty();
        }
    };

    /** The kinds this node can run; all nodes should be configured alike. */
    Kinds kinds();

    /** What runs instances here; empty until the node has begun to. */
    Optional<ProcessHost> host();
}

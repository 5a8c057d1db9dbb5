package dev.parley.coordination.process;

import dev.parley.store.kv.RestartPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One instance of a process that this node is to run, with all that is needed to start it. A node runs at most one
 * instance of a name; a later token replaces an earlier one.
 *
 * @param name of the process; unique in the cluster
 * @param kind names the {@link Kind}
 * @param argumentsJson one JSON object; the kind has found no fault in it
 * @param token of this placement: grows with every placement of the name, and fences every effect
 * @param node that runs it
 * @param restart when an instance that ended by itself is started again here
 * @param intensity how often, before it counts as failed
 * @param startTimeout positive; an instance that has not started by then is killed and counts as failed to start
 * @param stopTimeout positive; an instance that has not stopped by then is killed
 * @param handedOver what the instance before this one gave at its stop; empty when there was none
 * @param metadata free text by name, of the specification
 */
public record Assignment(
        String name,
        String kind,
        String argumentsJson,
        long token,
        String node,
        RestartPolicy restart,
        Intensity intensity,
        Duration startTimeout,
        Duration stopTimeout,
        Optional<byte[]> handedOver,
        Map<String, String> metadata) {

    /**
     * The limit of restarts: one more than {@code restarts} within {@code within}, and the instance has failed.
     *
     * @param restarts 0 to 1000
     * @param within positive
     */
    public record Intensity(int restarts, Duration within) {}

    public Assignment {
        metadata = Map.copyOf(metadata);
    }
}

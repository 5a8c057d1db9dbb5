package dev.parley.coordination.config;

import java.util.Optional;

/**
 * Judges values of the configuration by rules that no schema can say. Found by {@link java.util.ServiceLoader}, on every
 * node's class path; any thread, also several at once. Must be quick and must not depend on anything but its arguments,
 * or members vote differently about the same value.
 */
public interface ConfigValidator {
    /**
     * @param path of the value
     * @param json the value, well-formed
     * @return why the value must not be, in a sentence; empty when it may
     */
    Optional<String> reasonAgainst(String path, String json);
}

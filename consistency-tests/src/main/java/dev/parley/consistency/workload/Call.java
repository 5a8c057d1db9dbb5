package dev.parley.consistency.workload;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.json.Json;
import java.util.function.Function;

/**
 * One operation that a client is about to begin.
 *
 * @param key what it is about; empty when the workload has one object only
 * @param value the argument
 * @param perform does it, once
 */
public record Call(String f, String key, Json value, Function<NodeClient, Completion> perform) {}

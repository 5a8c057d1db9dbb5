package dev.parley.http.api;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the API may not take out of the air.
 *
 * @param nanos a monotonic clock
 * @param epochMillis the wall clock, for people
 * @param requestIds a new id for a request that brought none, at most 128 printable characters
 */
public record Ambient(LongSupplier nanos, LongSupplier epochMillis, Supplier<String> requestIds) {}

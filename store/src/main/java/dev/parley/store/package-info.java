/** The replicated state machine and its tables; knows neither ZooKeeper nor HTTP. */
@org.jspecify.annotations.NullMarked
package dev.parley.store;

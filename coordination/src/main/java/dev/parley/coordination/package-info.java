/** Everything that speaks to ZooKeeper. */
@org.jspecify.annotations.NullMarked
package dev.parley.coordination;

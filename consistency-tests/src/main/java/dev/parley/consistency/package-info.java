/** The consistency suite: a black-box judge of a running cluster. */
@org.jspecify.annotations.NullMarked
package dev.parley.consistency;

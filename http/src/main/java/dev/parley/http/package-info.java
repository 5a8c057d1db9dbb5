/** The HTTP interface, the node and the command line. */
@org.jspecify.annotations.NullMarked
package dev.parley.http;

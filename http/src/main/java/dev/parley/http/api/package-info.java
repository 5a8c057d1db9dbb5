/**
 * The HTTP contract: one class per resource, one file that turns outcomes into answers. The only package that imports
 * Javalin and Jetty.
 */
@NullMarked
package dev.parley.http.api;

import org.jspecify.annotations.NullMarked;

/** The multi-version map on disk: memtable, immutable tables, manifest, merge. The only package that imports MapDB. */
@NullMarked
package dev.parley.store.table;

import org.jspecify.annotations.NullMarked;

/**
 * The replicated log on ZooKeeper.
 *
 * <pre>
 *   /log                          uuid of the log in use
 *   /log/&lt;uuid&gt;                    {segment, base, trimmed}: newest segment, index of its first entry, agreed trim point
 *   /log/&lt;uuid&gt;/&lt;segment&gt;          {base, sealed}; version 0 while open, 1 once sealed
 *   /log/&lt;uuid&gt;/&lt;segment&gt;/e-&lt;sequence&gt;   one entry; its index is base + sequence
 * </pre>
 */
@NullMarked
package dev.parley.coordination.zklog;

import org.jspecify.annotations.NullMarked;

package dev.parley.store.chat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Up to which stamp every member has every message, and none will ever be written: only so far may a floor rise by agreement.
 *
 * <p>Each node says what its clock is, and means by it: whatever I write from now on has a greater stamp, and what I wrote with
 * a lower one you see in what I hold. Who holds all of that is complete up to that clock as far as this node is concerned;
 * the least over all members is how far it is complete at all, and that it tells the others. The least of what all of them
 * tell is stable. A member that says nothing holds it where it is. Pure. Not thread-safe.
 */
public final class Stability {
    private final Map<String, Long> complete = new HashMap<>();
    private final Map<String, Long> told = new HashMap<>();

    /** Everything that this member held when its clock was {@code clock} is held here, too. */
    public void complete(String member, long clock) {
        complete.merge(member, clock, Math::max);
    }

    /** The member says that it is complete up to this stamp. */
    public void told(String member, long stamp) {
        told.merge(member, stamp, Math::max);
    }

    /** The member begins anew, perhaps with less. */
    public void forget(String member) {
        complete.remove(member);
        told.remove(member);
    }

    /**
     * Up to which stamp this node has everything.
     *
     * @param others all other members
     * @param clock of this node, in the sense above
     */
    public long here(Set<String> others, long clock) {
        return least(others, complete, clock);
    }

    /** Up to which stamp all have everything. */
    public long everywhere(Set<String> others, long clock) {
        return least(others, told, here(others, clock));
    }

    private static long least(Set<String> others, Map<String, Long> of, long own) {
        return others.stream().mapToLong(other -> of.getOrDefault(other, 0L)).reduce(own, Math::min);
    }
}

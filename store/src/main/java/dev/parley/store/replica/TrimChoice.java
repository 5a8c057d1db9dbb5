package dev.parley.store.replica;

import dev.parley.store.kv.Members.Member;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Up to where a leader gives up the log. What enough stores hold may go, but a store that is behind finds its way back
 * more easily through the log than through a snapshot: so it is waited for, as long as its reports have not stood still
 * for too long and the log is not half full. Pure; measures from the first question on.
 */
final class TrimChoice {
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private record Seen(long durable, long sinceNanos) {}

    private final Map<String, Seen> reports = new HashMap<>();

    /**
     * @param trimmable what enough stores hold
     * @param pressed whether the log is filling up
     * @return one entry below what is held, because by the last entry it holds a node knows the log for its own
     */
    long upTo(List<Member> members, long trimmable, boolean pressed, long nowNanos) {
        for (Member member : members) {
            Seen seen = reports.get(member.node());
            if (seen == null || seen.durable() != member.durable()) {
                reports.put(member.node(), new Seen(member.durable(), nowNanos));
            }
        }
        long waitedFor = members.stream()
                .filter(member -> !pressed && isWaitedFor(member, nowNanos))
                .mapToLong(Member::durable)
                .min()
                .orElse(trimmable);
        return Math.min(trimmable, waitedFor) - 1;
    }

    private boolean isWaitedFor(Member member, long nowNanos) {
        return nowNanos - reports.get(member.node()).sinceNanos() < PATIENCE.toNanos();
    }

    /** Another node leads. */
    void forget() {
        reports.clear();
    }
}

package dev.parley.store.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who holds a lock and who waits for it. A semaphore has permits and everything else is one: an exclusive lock and an
 * election take all permits at once, a shared lock takes one of many. Those who wait are served strictly in the order
 * in which they asked: nobody overtakes one who needs more permits than are free. Immutable.
 *
 * @param limit permits there are
 * @param holders in the order of their tokens
 * @param waiters in the order in which they asked
 */
public record Lock(int limit, List<Holder> holders, List<Waiter> waiters) {
    public Lock {
        holders = List.copyOf(holders);
        waiters = List.copyOf(waiters);
    }

    /** What somebody asks for; lease and owner together say who. */
    public record Claim(long lease, String owner, int permits) {
        boolean isOf(long otherLease, String otherOwner) {
            return lease == otherLease && owner.equals(otherOwner);
        }
    }

    /**
     * @param token the revision that granted it
     * @param ask the request it was granted to, 0 when it did not wait
     * @param value what the leader of an election says of itself; empty otherwise
     */
    public record Holder(long token, long ask, Claim claim, Bytes value) {
        Holder withValue(Bytes other) {
            return new Holder(token, ask, claim, other);
        }
    }

    /** @param ask the request that waits; another request of the same owner and lease takes the place over */
    public record Waiter(long ask, Claim claim) {}

    static Lock unused(int limit) {
        return new Lock(limit, List.of(), List.of());
    }

    boolean isUnused() {
        return holders.isEmpty() && waiters.isEmpty();
    }

    private int free() {
        return limit
                - holders.stream().mapToInt(holder -> holder.claim().permits()).sum();
    }

    /** Whether it can be had at once. */
    boolean isFreeFor(int permits) {
        return waiters.isEmpty() && permits <= free();
    }

    /** The one to be served now. */
    Optional<Waiter> next() {
        return waiters.stream().findFirst().filter(first -> first.claim().permits() <= free());
    }

    Optional<Holder> holder(long token) {
        return holders.stream().filter(holder -> holder.token() == token).findFirst();
    }

    Optional<Holder> holder(long lease, String owner) {
        return holders.stream()
                .filter(holder -> holder.claim().isOf(lease, owner))
                .findFirst();
    }

    Optional<Waiter> waiter(long lease, String owner) {
        return waiters.stream()
                .filter(waiter -> waiter.claim().isOf(lease, owner))
                .findFirst();
    }

    Lock with(Waiter last) {
        List<Waiter> more = new ArrayList<>(waiters);
        more.add(last);
        return new Lock(limit, holders, more);
    }

    /** Grants it; whoever waits under this claim does so no more. */
    Lock with(Holder granted) {
        List<Holder> more = new ArrayList<>(holders);
        more.add(granted);
        return new Lock(limit, more, waitersWithout(granted.claim()));
    }

    /** The same place in the queue, for another request. */
    Lock withAsk(Waiter place, long ask) {
        return new Lock(
                limit,
                holders,
                waiters.stream()
                        .map(waiter -> waiter.equals(place) ? new Waiter(ask, place.claim()) : waiter)
                        .toList());
    }

    Lock withValue(Holder of, Bytes value) {
        return new Lock(
                limit,
                holders.stream()
                        .map(holder -> holder.equals(of) ? of.withValue(value) : holder)
                        .toList(),
                waiters);
    }

    /** Neither held nor waited for under this claim any more. */
    Lock without(Claim claim) {
        return new Lock(
                limit,
                holders.stream()
                        .filter(holder -> !holder.claim().isOf(claim.lease(), claim.owner()))
                        .toList(),
                waitersWithout(claim));
    }

    private List<Waiter> waitersWithout(Claim claim) {
        return waiters.stream()
                .filter(waiter -> !waiter.claim().isOf(claim.lease(), claim.owner()))
                .toList();
    }
}

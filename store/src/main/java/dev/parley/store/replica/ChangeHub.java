package dev.parley.store.replica;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.replica.Interest.Notice.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells those who wait for a change that there is one. Confined to the owner thread, so apply takes no lock for it;
 * interests arrive through the owner's inbox. Interests in one key are found by key, others are tried one by one.
 */
final class ChangeHub {
    /** Revisions remembered, so that what happens between a look at a view and the arrival here is not missed. */
    static final int REVISIONS_REMEMBERED_MAX = 1_024;

    static final int CHANGES_REMEMBERED_MAX = 65_536;

    private record Place(Keyspace keyspace, Bytes key) {}

    private final Map<Place, List<Interest>> byKey =
            new TreeMap<>(Comparator.comparing(Place::keyspace).thenComparing(Place::key));
    private final List<Interest> byRange = new ArrayList<>();
    private final Deque<RevisionRecord> recent = new ArrayDeque<>();
    private final int interestsMax;
    private int changesRemembered;
    private int count;
    private long forgottenUpTo;
    private long newest;

    /** @param revision of the store at the start: what was before it is not remembered */
    ChangeHub(int interestsMax, long revision) {
        this.interestsMax = interestsMax;
        this.forgottenUpTo = revision;
        this.newest = revision;
    }

    int count() {
        return count;
    }

    /** Takes the interest, or answers it at once. */
    void add(Interest interest) {
        if (isKnownToBeMet(interest)) {
            interest.tell(Kind.CHANGED, interest.since());
            return;
        }
        if (count >= interestsMax) {
            interest.tell(Kind.NO_ROOM, interest.since());
            return;
        }
        count++;
        if (interest.isOfOneKey()) {
            byKey.computeIfAbsent(placeOf(interest), place -> new ArrayList<>(1))
                    .add(interest);
        } else {
            byRange.add(interest);
        }
    }

    /** What is not remembered any more may have met it: then the answer is to look again. */
    private boolean isKnownToBeMet(Interest interest) {
        if (interest.since() < forgottenUpTo) {
            return true;
        }
        for (Iterator<RevisionRecord> newest = recent.descendingIterator(); newest.hasNext(); ) {
            RevisionRecord record = newest.next();
            if (record.revision() <= interest.since()) {
                return false;
            }
            if (interest.isMetBy(record)) {
                return true;
            }
        }
        return false;
    }

    private static Place placeOf(Interest interest) {
        return new Place(interest.keyspace(), interest.range().start());
    }

    void changed(List<RevisionRecord> records) {
        for (RevisionRecord record : records) {
            remember(record);
            if (count > 0) {
                tell(record);
            }
        }
    }

    private void remember(RevisionRecord record) {
        newest = record.revision();
        recent.addLast(record);
        changesRemembered += record.changes().size();
        while (recent.size() > REVISIONS_REMEMBERED_MAX || changesRemembered > CHANGES_REMEMBERED_MAX) {
            RevisionRecord oldest = recent.removeFirst();
            changesRemembered -= oldest.changes().size();
            forgottenUpTo = oldest.revision();
        }
    }

    private void tell(RevisionRecord record) {
        List<Interest> met = new ArrayList<>();
        if (!byKey.isEmpty()) {
            record.changes().forEach(change -> takeByKey(record, change, met));
        }
        byRange.removeIf(interest -> interest.isMetBy(record) && met.add(interest));
        count -= met.size();
        met.forEach(interest -> interest.tell(Kind.CHANGED, record.revision() - 1));
    }

    private void takeByKey(RevisionRecord record, RevisionRecord.Change change, List<Interest> met) {
        Place place = new Place(change.keyspace(), change.key().bytes());
        List<Interest> interested = byKey.get(place);
        if (interested != null) {
            interested.removeIf(interest -> record.revision() > interest.since() && met.add(interest));
            if (interested.isEmpty()) {
                byKey.remove(place);
            }
        }
    }

    /** The state is another one, at {@code revision}; who waits has to look at all that came in between. */
    void stateReplaced(long revision) {
        recent.clear();
        changesRemembered = 0;
        forgottenUpTo = revision;
        newest = revision;
        List<Interest> waiting = new ArrayList<>(byRange);
        byKey.values().forEach(waiting::addAll);
        byRange.clear();
        byKey.clear();
        count = 0;
        waiting.forEach(interest -> interest.tell(Kind.CHANGED, interest.since()));
    }

    /** Forgets those whose time ran out; they are told so. */
    void expire(long nowNanos) {
        List<Interest> expired = new ArrayList<>();
        byRange.removeIf(interest -> interest.deadlineNanos() <= nowNanos && expired.add(interest));
        byKey.values().removeIf(interests -> {
            interests.removeIf(interest -> interest.deadlineNanos() <= nowNanos && expired.add(interest));
            return interests.isEmpty();
        });
        count -= expired.size();
        expired.forEach(interest -> interest.tell(Kind.OVER, newest));
    }

    /** Nothing will change here any more. */
    void close() {
        expire(Long.MAX_VALUE);
    }
}

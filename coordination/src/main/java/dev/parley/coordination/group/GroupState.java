package dev.parley.coordination.group;

import dev.parley.coordination.group.Entry.Name;
import dev.parley.store.kv.Bytes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What this node says of the members that joined through it, what the others said of theirs, and what is visible of it
 * all. Pure: time comes in, events and changes come out. Not thread-safe.
 */
final class GroupState {
    /** A member that joined here. @param joins how often through the Java API; @param endNanos of its time to live */
    private record Own(Entry entry, int joins, OptionalLong endNanos) {}

    private static final class Peer {
        UUID incarnation = new UUID(0, 0);
        long version = -1;
        boolean reachable;
        Map<Name, Entry> entries = new HashMap<>();
        Map<Name, Entry> arriving = new HashMap<>();
    }

    /** What a call changed: to be told to local listeners, and to the other nodes. */
    record Outcome(Map<String, List<GroupEvent>> events, Optional<GroupMessage> toPeers, boolean ask) {}

    private final String self;
    private final SortedMap<Name, Own> own = new TreeMap<>();
    private final Map<String, Peer> peers = new HashMap<>();
    private final SortedMap<Name, GroupMember> visible = new TreeMap<>();
    private long version;

    GroupState(String self) {
        this.self = self;
    }

    // -- what is shown
    // --------------------------------------------------------------------------------------------------

    List<GroupMember> members(String group, boolean localOnly) {
        return visible.subMap(new Name(group, ""), new Name(group + '\0', "")).values().stream()
                .filter(member -> !localOnly || member.node().equals(self))
                .toList();
    }

    Optional<GroupMember> find(String group, String member) {
        return Optional.ofNullable(visible.get(new Name(group, member)));
    }

    int ownCount() {
        return own.size();
    }

    // -- members of this node
    // -------------------------------------------------------------------------------------------

    /** @param endNanos when it ends unless it is kept alive; empty: when it leaves as often as it joined */
    Outcome join(String group, String member, Bytes data, OptionalLong endNanos, long nowMillis) {
        Name name = new Name(group, member);
        Own before = own.get(name);
        boolean counted = endNanos.isEmpty();
        if (before != null && !before.entry().left() && before.entry().term() == highestTerm(name)) {
            boolean same = before.entry().data().equals(data);
            Entry entry = new Entry(
                    name, data, before.entry().joinedAtMillis(), before.entry().term(), false);
            own.put(name, new Own(entry, before.joins() + (counted ? 1 : 0), counted ? before.endNanos() : endNanos));
            return same ? nothing() : changed(List.of(entry), List.of(), Set.of(name));
        }
        long joinedAt = find(group, member).map(GroupMember::joinedAtMillis).orElse(nowMillis);
        Entry entry = new Entry(name, data, joinedAt, highestTerm(name) + 1, false);
        own.put(name, new Own(entry, counted ? 1 : 0, endNanos));
        return changed(List.of(entry), List.of(), Set.of(name));
    }

    /** Undoes one join of the Java API; a member leaves with its last one. */
    Outcome leaveOnce(String group, String member) {
        Own before = own.get(new Name(group, member));
        if (before != null && before.joins() > 1) {
            own.put(before.entry().name(), new Own(before.entry(), before.joins() - 1, before.endNanos()));
            return nothing();
        }
        return leave(group, member);
    }

    /** Whoever it joined through. */
    Outcome leave(String group, String member) {
        Name name = new Name(group, member);
        boolean elsewhere = peers.values().stream()
                .map(peer -> peer.entries.get(name))
                .anyMatch(entry -> entry != null && !entry.left());
        if (!elsewhere) {
            return own.remove(name) == null ? nothing() : changed(List.of(), List.of(name), Set.of(name));
        }
        Entry gone = new Entry(name, Bytes.EMPTY, 0, highestTerm(name) + 1, true);
        own.put(name, new Own(gone, 0, OptionalLong.empty()));
        return changed(List.of(gone), List.of(), Set.of(name));
    }

    Outcome expire(long nowNanos) {
        List<Name> ended = own.values().stream()
                .filter(member -> member.joins() == 0
                        && member.endNanos().isPresent()
                        && nowNanos - member.endNanos().getAsLong() >= 0)
                .map(member -> member.entry().name())
                .toList();
        ended.forEach(own::remove);
        return ended.isEmpty() ? nothing() : changed(List.of(), ended, new HashSet<>(ended));
    }

    private long highestTerm(Name name) {
        return said(name).mapToLong(claim -> claim.entry().term()).max().orElse(0);
    }

    // -- what the others say
    // --------------------------------------------------------------------------------------------

    /** Everything said here, for a peer that begins to listen. */
    List<Entry> everything() {
        return own.values().stream().map(Own::entry).toList();
    }

    long version() {
        return version;
    }

    Outcome received(String node, UUID incarnation, GroupMessage message) {
        Peer peer = peers.computeIfAbsent(node, none -> new Peer());
        return switch (message) {
            case GroupMessage.Whole whole -> whole(peer, incarnation, whole);
            case GroupMessage.Change(long newer, var entries, var gone) -> {
                if (!peer.incarnation.equals(incarnation) || newer > peer.version + 1) {
                    yield ask();
                }
                if (newer <= peer.version) {
                    yield nothing();
                }
                Set<Name> touched = new HashSet<>(gone);
                gone.forEach(peer.entries::remove);
                entries.forEach(entry -> {
                    peer.entries.put(entry.name(), entry);
                    touched.add(entry.name());
                });
                peer.version = newer;
                yield heard(touched);
            }
            case GroupMessage.Newest(long newest) ->
                !peer.incarnation.equals(incarnation) || newest > peer.version ? ask() : nothing();
            case GroupMessage.Ask asked -> nothing();
            case GroupMessage.Broadcast(String group, Bytes data) ->
                new Outcome(Map.of(group, List.of(new GroupEvent.Message(node, data))), Optional.empty(), false);
        };
    }

    private Outcome whole(Peer peer, UUID incarnation, GroupMessage.Whole whole) {
        if (whole.first()) {
            peer.arriving = new HashMap<>();
        }
        whole.entries().forEach(entry -> peer.arriving.put(entry.name(), entry));
        boolean outdated = peer.incarnation.equals(incarnation) && whole.version() < peer.version;
        if (!whole.last() || outdated) {
            return nothing();
        }
        Set<Name> touched = new HashSet<>(peer.entries.keySet());
        touched.addAll(peer.arriving.keySet());
        peer.entries = peer.arriving;
        peer.arriving = new HashMap<>();
        peer.incarnation = incarnation;
        peer.version = whole.version();
        return heard(touched);
    }

    Outcome reachable(String node, boolean reachable) {
        Peer peer = peers.computeIfAbsent(node, none -> new Peer());
        peer.reachable = reachable;
        return shown(peer.entries.keySet(), Optional.empty());
    }

    /** The node is no member any more: nobody will speak for its members. */
    Outcome removed(String node) {
        Peer peer = peers.remove(node);
        return peer == null ? nothing() : heard(peer.entries.keySet());
    }

    /** Gives up entries that another node took over, and farewells that nobody needs any more. */
    private Outcome heard(Collection<Name> touched) {
        List<Name> given = new ArrayList<>();
        for (Name name : touched) {
            Own mine = own.get(name);
            if (mine == null) {
                continue;
            }
            boolean overtaken = said(name)
                    .max(Claim.ORDER)
                    .filter(claim -> !claim.node().equals(self))
                    .isPresent();
            boolean unneeded = mine.entry().left() && said(name).count() == 1;
            if (overtaken || unneeded) {
                own.remove(name);
                given.add(name);
            }
        }
        return given.isEmpty() ? shown(touched, Optional.empty()) : changed(List.of(), given, touched);
    }

    // -- from what is said to what is shown
    // -----------------------------------------------------------------------------

    private record Claim(String node, Entry entry) {
        static final Comparator<Claim> ORDER =
                Comparator.<Claim>comparingLong(claim -> claim.entry().term()).thenComparing(Claim::node);
    }

    private Stream<Claim> said(Name name) {
        Stream<Claim> mine = Optional.ofNullable(own.get(name)).stream().map(member -> new Claim(self, member.entry()));
        return Stream.concat(
                mine,
                peers.entrySet().stream()
                        .filter(peer -> peer.getValue().entries.containsKey(name))
                        .map(peer ->
                                new Claim(peer.getKey(), peer.getValue().entries.get(name))));
    }

    private Optional<GroupMember> winner(Name name) {
        return said(name)
                .filter(claim -> claim.node().equals(self) || peers.get(claim.node()).reachable)
                .max(Claim.ORDER)
                .filter(claim -> !claim.entry().left())
                .map(claim -> new GroupMember(
                        name.member(),
                        claim.node(),
                        claim.entry().data(),
                        claim.entry().joinedAtMillis()));
    }

    private Outcome changed(List<Entry> entries, List<Name> gone, Collection<Name> touched) {
        version++;
        return shown(touched, Optional.of(new GroupMessage.Change(version, entries, gone)));
    }

    private Outcome shown(Collection<Name> touched, Optional<GroupMessage> toPeers) {
        Map<String, List<GroupEvent>> events = new HashMap<>();
        for (Name name : touched) {
            Optional<GroupMember> now = winner(name);
            Optional<GroupMember> before = Optional.ofNullable(visible.get(name));
            now.ifPresentOrElse(member -> visible.put(name, member), () -> visible.remove(name));
            if (before.isPresent() != now.isPresent()) {
                GroupEvent event =
                        now.<GroupEvent>map(GroupEvent.Joined::new).orElseGet(() -> new GroupEvent.Left(before.get()));
                events.computeIfAbsent(name.group(), none -> new ArrayList<>()).add(event);
            }
        }
        return new Outcome(events, toPeers, false);
    }

    private static Outcome nothing() {
        return new Outcome(Map.of(), Optional.empty(), false);
    }

    private static Outcome ask() {
        return new Outcome(Map.of(), Optional.empty(), true);
    }
}

package dev.parley.http.node;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Members;
import dev.parley.store.kv.Members.Member;
import dev.parley.store.kv.RevisionTree;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.StateView;
import dev.parley.store.replica.StoreFailure;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares, now and then, the digest of this node's live state with those of the others at the same revision. What
 * differs is logged, with the keys it lies between. Only a node that a majority contradicts gives its tables up.
 */
final class DigestWatch {
    private static final Logger LOG = LoggerFactory.getLogger(DigestWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(60);

    /** So many halvings tell keys apart in any state that fits a disk. */
    private static final int HALVINGS_MAX = 48;

    private static final int KEYS_CLOSE_ENOUGH = 8;

    private final String node;
    private final Replica replica;
    private final BiFunction<String, String, PeerClient.Reply> ask;
    private final Consumer<String> differs;
    private final Consumer<String> outvoted;

    /**
     * @param ask another node, by its URL, for a path
     * @param differs told, in a sentence, of each difference
     * @param outvoted told why the tables cannot be right
     */
    DigestWatch(
            String node,
            Replica replica,
            BiFunction<String, String, PeerClient.Reply> ask,
            Consumer<String> differs,
            Consumer<String> outvoted) {
        this.node = node;
        this.replica = replica;
        this.ask = ask;
        this.differs = differs;
        this.outvoted = outvoted;
    }

    /** Until the node stops. */
    void run(Pause pause) {
        while (pause.of(EVERY)) {
            try {
                look();
            } catch (StoreFailure | IllegalArgumentException | IllegalStateException unreadable) {
                LOG.atWarn().addKeyValue("why", unreadable.getMessage()).log("no digest to compare");
            }
        }
    }

    /** @return a sentence for each node that differs */
    List<String> look() {
        Optional<StateView> newest = replica.view();
        if (newest.isEmpty()) {
            return List.of();
        }
        try (StateView view = newest.get()) {
            List<Member> members = Members.all(view);
            long revision = view.position().revision();
            RevisionTree tree = new RevisionTree(view);
            if (members.size() < 2 || revision < tree.first()) {
                return List.of();
            }
            Map<String, String> others = new TreeMap<>();
            members.stream().filter(member -> !member.node().equals(node)).forEach(member -> digest(
                            member.url(), "revision=" + revision)
                    .ifPresent(digest -> others.put(member.node(), digest)));
            DigestVote vote =
                    new DigestVote(members.size(), tree.digest(revision).hex(), others);
            List<String> differences = vote.differing().stream()
                    .map(other -> describe(view, revision, other, urlOf(members, other)))
                    .toList();
            for (String difference : differences) {
                LOG.atError().addKeyValue("what", difference).log("digest differs");
                differs.accept(difference);
            }
            if (vote.isOutvoted()) {
                outvoted.accept("a majority has another digest at revision " + revision);
            }
            return differences;
        }
    }

    private static String urlOf(List<Member> members, String name) {
        return members.stream()
                .filter(member -> member.node().equals(name))
                .map(Member::url)
                .findFirst()
                .orElseThrow();
    }

    private Optional<String> digest(String url, String query) {
        return ask.apply(url, "/v1/digest?consistency=stale&timeout=2s&" + query)
                        instanceof PeerClient.Reply.Answer answer
                ? Optional.of(answer.content().path("digest").asText())
                : Optional.empty();
    }

    private String describe(StateView view, long revision, String other, String url) {
        String where = locate(view, revision, url)
                .map(range -> "between the keys \"" + range.start().utf8() + "\" and "
                        + range.end().map(end -> "\"" + end.utf8() + "\"").orElse("the last"))
                .orElse("not among the keys, but in what the cluster keeps beside them");
        return "the live state of " + node + " and " + other + " differs at revision " + revision + ", " + where;
    }

    /** Halves the keys until few are left among which something differs; empty when all keys are the same. */
    private Optional<KeyRange> locate(StateView view, long revision, String url) {
        KeyRange range = KeyRange.ALL;
        if (isSame(view, revision, url, range)) {
            return Optional.empty();
        }
        for (int halvings = 0; halvings < HALVINGS_MAX; halvings++) {
            long count = RevisionTree.recompute(view, range, revision).count();
            Optional<Bytes> middle = keyAt(view, range, revision, count / 2);
            if (count <= KEYS_CLOSE_ENOUGH || middle.isEmpty()) {
                return Optional.of(range);
            }
            KeyRange lower = new KeyRange(range.start(), middle);
            range = isSame(view, revision, url, lower) ? new KeyRange(middle.get(), range.end()) : lower;
        }
        return Optional.of(range);
    }

    private boolean isSame(StateView view, long revision, String url, KeyRange range) {
        String query = "revision=" + revision + "&start=" + encode(range.start())
                + range.end().map(end -> "&end=" + encode(end)).orElse("");
        String mine = RevisionTree.recompute(view, range, revision).digest().hex();
        return digest(url, query).filter(mine::equals).isPresent();
    }

    private static Optional<Bytes> keyAt(StateView view, KeyRange range, long revision, long place) {
        long[] left = {place};
        Bytes[] found = {Bytes.EMPTY};
        view.scan(Keyspace.KV, range, revision, false, (key, live) -> {
            found[0] = key.bytes();
            return left[0]-- > 0;
        });
        return found[0].size() == 0 ? Optional.empty() : Optional.of(found[0]);
    }

    private static String encode(Bytes bytes) {
        return URLEncoder.encode(bytes.utf8(), StandardCharsets.UTF_8);
    }
}

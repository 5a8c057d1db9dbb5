package dev.parley.consistency.watch;

import dev.parley.consistency.watch.WatchReport.Change;
import dev.parley.consistency.watch.WatchReport.Previous;
import dev.parley.consistency.watch.WatchReport.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Judges what watches received against the true log, one guarantee after the other. */
public final class WatchValidators {

    /** A promise that was broken, and how. */
    public record Breach(Guarantee guarantee, String sentence) {}

    private final PersistedLog log;
    private final boolean revisionsUnique;

    /** With {@code revisionsUnique} no two events of one watch may have the same revision, not even of different keys. */
    public WatchValidators(PersistedLog log, boolean revisionsUnique) {
        this.log = log;
        this.revisionsUnique = revisionsUnique;
    }

    /** All breaches in the watches of one client, those of the earlier guarantees first. */
    public List<Breach> judge(List<WatchReport> watches) {
        List<Breach> breaches = new ArrayList<>();
        for (Guarantee guarantee : Guarantee.values()) {
            watches.forEach(watch ->
                    judge(guarantee, watch).ifPresent(sentence -> breaches.add(new Breach(guarantee, sentence))));
        }
        return breaches;
    }

    private Optional<String> judge(Guarantee guarantee, WatchReport watch) {
        return switch (guarantee) {
            case FILTER -> filter(watch);
            case ORDERED -> ordered(watch);
            case UNIQUE -> unique(watch);
            case ATOMIC -> atomic(watch);
            case BOOKMARKABLE -> bookmarkable(watch);
            case RESUMABLE -> resumable(watch);
            case RELIABLE -> reliable(watch);
            case PREV_KV -> previous(watch);
            case IS_CREATE -> creations(watch);
        };
    }

    private static List<Change> received(WatchReport watch) {
        return watch.responses().stream()
                .flatMap(response -> response.changes().stream())
                .toList();
    }

    private static Optional<String> filter(WatchReport watch) {
        return received(watch).stream()
                .filter(change -> !watch.request().matches(change.key()))
                .findFirst()
                .map(change -> "a watch on " + describe(watch) + " received " + describe(change));
    }

    private static Optional<String> ordered(WatchReport watch) {
        long last = 0;
        for (Change change : received(watch)) {
            if (change.revision() < last) {
                return Optional.of(describe(change) + " came after revision " + last);
            }
            last = change.revision();
        }
        return Optional.empty();
    }

    private Optional<String> unique(WatchReport watch) {
        Set<Object> seen = new HashSet<>();
        for (Change change : received(watch)) {
            Object identity = revisionsUnique ? change.revision() : List.of(change.revision(), change.key());
            if (!seen.add(identity)) {
                return Optional.of(describe(change) + " came twice");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> atomic(WatchReport watch) {
        long last = 0;
        for (Response response : watch.responses()) {
            if (!response.changes().isEmpty()) {
                if (response.changes().getFirst().revision() == last) {
                    return Optional.of("revision " + last + " came in two messages");
                }
                last = response.changes().getLast().revision();
            }
        }
        return Optional.empty();
    }

    private static Optional<String> bookmarkable(WatchReport watch) {
        long promised = 0;
        long delivered = 0;
        for (Response response : watch.responses()) {
            for (Change change : response.changes()) {
                if (change.revision() <= promised) {
                    return Optional.of(describe(change) + " came after a bookmark at revision " + promised);
                }
                delivered = change.revision();
            }
            if (response.bookmark()) {
                if (response.revision() < Math.max(promised, delivered)) {
                    return Optional.of("a bookmark at revision " + response.revision() + " came after revision "
                            + Math.max(promised, delivered));
                }
                promised = response.revision();
            }
        }
        return Optional.empty();
    }

    private Optional<String> resumable(WatchReport watch) {
        if (watch.request().revision() == 0) {
            return Optional.empty();
        }
        Optional<Change> expected = log.matching(watch.request()).stream()
                .filter(change -> change.revision() >= watch.request().revision())
                .findFirst();
        Optional<Change> first = received(watch).stream().findFirst();
        if (expected.isPresent() && first.isPresent() && !sameButForPrevious(expected.get(), first.get(), true)) {
            return Optional.of("a watch from revision " + watch.request().revision() + " began with "
                    + describe(first.get()) + ", not with " + describe(expected.get()));
        }
        return Optional.empty();
    }

    private Optional<String> reliable(WatchReport watch) {
        long first = firstExpected(watch);
        long last = lastCovered(watch);
        List<Change> expected = log.matching(watch.request()).stream()
                .filter(change -> first != 0 && change.revision() >= first && change.revision() <= last)
                .toList();
        List<Change> received = received(watch);
        for (int i = 0; i < Math.max(expected.size(), received.size()); i++) {
            if (i >= received.size()) {
                return Optional.of(
                        describe(expected.get(i)) + " never came, though the watch reached revision " + last);
            }
            if (i >= expected.size()) {
                return Optional.of(describe(received.get(i)) + " came, but is not in the log");
            }
            if (!sameButForPrevious(expected.get(i), received.get(i), false)) {
                return Optional.of(describe(received.get(i)) + " came where the log has " + describe(expected.get(i)));
            }
        }
        return Optional.empty();
    }

    private static long firstExpected(WatchReport watch) {
        if (watch.request().revision() != 0) {
            return watch.request().revision();
        }
        if (watch.responses().isEmpty()) {
            return 0;
        }
        Response first = watch.responses().getFirst();
        if (first.bookmark()) {
            return first.revision() + 1;
        }
        return first.changes().isEmpty() ? 0 : first.changes().getFirst().revision();
    }

    private static long lastCovered(WatchReport watch) {
        for (Response response : watch.responses().reversed()) {
            if (response.bookmark()) {
                return response.revision();
            }
            if (!response.changes().isEmpty()) {
                return response.changes().getLast().revision();
            }
        }
        return 0;
    }

    /** A missing previous value is no breach: it may have been compacted away. */
    private Optional<String> previous(WatchReport watch) {
        if (!watch.request().previous()) {
            return Optional.empty();
        }
        return received(watch).stream()
                .filter(change -> change.previous().isPresent())
                .filter(change -> !change.previous().equals(log.before(change.key(), change.revision())))
                .findFirst()
                .map(change -> describe(change) + " came with a wrong previous value: "
                        + change.previous().map(Previous::toString).orElse("") + " where the log has "
                        + log.before(change.key(), change.revision())
                                .map(Previous::toString)
                                .orElse("none"));
    }

    private Optional<String> creations(WatchReport watch) {
        return received(watch).stream()
                .filter(change -> change.create()
                        == log.before(change.key(), change.revision()).isPresent())
                .findFirst()
                .map(change -> describe(change)
                        + (change.create()
                                ? " came as a creation, but the key existed"
                                : " came as a change, but the key did not exist"));
    }

    private static boolean sameButForPrevious(Change a, Change b, boolean withCreate) {
        return a.delete() == b.delete()
                && a.key().equals(b.key())
                && a.value().equals(b.value())
                && a.revision() == b.revision()
                && (!withCreate || a.create() == b.create());
    }

    private static String describe(WatchReport watch) {
        return (watch.request().prefix() ? "prefix \"" : "key \"")
                + watch.request().key() + "\"";
    }

    private static String describe(Change change) {
        return "the " + (change.delete() ? "delete of " : "put of ") + change.key() + " at revision "
                + change.revision();
    }
}

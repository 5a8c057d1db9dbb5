package dev.parley.http.api;

import dev.parley.store.kv.Members;
import dev.parley.store.kv.RevisionTree;
import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.StateView;
import dev.parley.store.replica.StoreFailure;
import dev.parley.store.table.Checkpoint;
import dev.parley.store.table.Scrub;
import dev.parley.store.table.Scrub.Damage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** {@code /v1/scrub}: this node reads all it has and compares it with what it wrote. One run at a time. */
final class ScrubResource implements Resource {
    private static final Run NONE = new Run(false, 0, 0, List.of(), Optional.empty(), Optional.empty());

    private final Replica replica;
    private final Checkpoints checkpoints;
    private final AtomicReference<Run> last = new AtomicReference<>(NONE);

    ScrubResource(Replica replica, Checkpoints checkpoints) {
        this.replica = replica;
        this.checkpoints = checkpoints;
    }

    /**
     * How far a run has come, or came.
     *
     * @param store whose files were read
     */
    private record Run(
            boolean running,
            int files,
            long bytes,
            List<Damage> damaged,
            Optional<String> digest,
            Optional<UUID> store) {
        static Run begun() {
            return new Run(true, 0, 0, List.of(), Optional.empty(), Optional.empty());
        }

        Run of(UUID read) {
            return new Run(running, files, bytes, damaged, digest, Optional.of(read));
        }

        Run read(long more) {
            return new Run(running, files + 1, bytes + more, damaged, digest, store);
        }

        Run found(List<Damage> damage) {
            return new Run(running, files, bytes, damage, digest, store);
        }

        Run ended(Optional<String> compared) {
            return new Run(false, files, bytes, damaged, compared, store);
        }
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/scrub", false).on("POST", this::start).on("GET", this::get));
    }

    private Answer start(Request request, String rest) {
        request.params(List.of());
        StateView view = replica.view()
                .orElseThrow(() -> Problem.of(ProblemType.NOT_READY, "The node has no state to look at yet."));
        Run before = last.get();
        boolean mine = !before.running() && last.compareAndSet(before, Run.begun());
        if (!mine) {
            view.close();
        } else {
            Thread.ofVirtual().name("parley-scrub").start(() -> run(view));
        }
        return Answer.json(202, json());
    }

    private void run(StateView view) {
        Optional<String> digest = Optional.of("unreadable");
        try (view) {
            Optional<Checkpoint> newest = newest();
            if (newest.isPresent()) {
                try (Checkpoint checkpoint = newest.get()) {
                    last.updateAndGet(run -> run.of(checkpoint.store()));
                    List<Damage> damage = Scrub.of(checkpoint, bytes -> last.updateAndGet(run -> run.read(bytes)));
                    last.updateAndGet(run -> run.found(damage));
                }
            }
            long revision = view.position().revision();
            RevisionTree tree = new RevisionTree(view);
            boolean matches = revision < tree.first()
                    || RevisionTree.recompute(view, revision).equals(tree.digest(revision));
            digest = Optional.of(matches ? "matches" : "differs");
            giveUpWhatIsWrong(view, matches);
        } catch (StoreFailure damaged) {
            // Which file it is stands in the list already; the view told the replica, which replaces its tables.
        } finally {
            Optional<String> compared = digest;
            last.updateAndGet(run -> run.ended(compared));
        }
    }

    private Optional<Checkpoint> newest() {
        return checkpoints.durable(LogIndex.BEFORE_FIRST, Duration.ZERO);
    }

    /** A node that is alone keeps what it has: there is nobody to get it from. */
    private void giveUpWhatIsWrong(StateView view, boolean digestMatches) {
        List<Damage> damaged = last.get().damaged();
        if (Members.all(view).size() > 1 && (!damaged.isEmpty() || !digestMatches)) {
            checkpoints.giveUp(damaged.stream()
                    .findFirst()
                    .map(damage -> "a scrub found " + damage.file() + ": " + damage.what())
                    .orElse("a scrub found that the live state does not have its digest"));
        }
    }

    /** Whether the files that were read are gone, replaced by those of another node. */
    private boolean isReplaced(Run run) {
        Optional<Checkpoint> newest = run.damaged().isEmpty() ? Optional.empty() : newest();
        if (newest.isEmpty()) {
            return false;
        }
        try (Checkpoint checkpoint = newest.get()) {
            return !run.store().equals(Optional.of(checkpoint.store()));
        }
    }

    private Answer get(Request request, String rest) {
        request.params(List.of());
        return Answer.json(200, json());
    }

    private JsonWriter json() {
        Run run = last.get();
        boolean repaired = isReplaced(run);
        JsonWriter json = new JsonWriter(512);
        json.object().name("running").bool(run.running());
        json.name("files").number(run.files()).name("bytes").number(run.bytes());
        json.name("damaged").array();
        for (Damage damage : run.damaged()) {
            json.object().name("file").text(damage.file()).name("page");
            if (damage.page().isPresent()) {
                json.number(damage.page().get());
            } else {
                json.nothing();
            }
            json.name("repaired")
                    .bool(repaired)
                    .name("what")
                    .text(damage.what())
                    .end();
        }
        json.endArray().name("digest");
        if (run.digest().isPresent()) {
            json.text(run.digest().get());
        } else {
            json.nothing();
        }
        return json.end();
    }
}

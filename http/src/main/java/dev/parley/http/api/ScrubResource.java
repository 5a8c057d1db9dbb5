package dev.parley.http.api;

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
import java.util.concurrent.atomic.AtomicReference;

/** {@code /v1/scrub}: this node reads all it has and compares it with what it wrote. One run at a time. */
final class ScrubResource implements Resource {
    private static final Run NONE = new Run(false, 0, 0, List.of(), Optional.empty());

    private final Replica replica;
    private final Checkpoints checkpoints;
    private final AtomicReference<Run> last = new AtomicReference<>(NONE);

    ScrubResource(Replica replica, Checkpoints checkpoints) {
        this.replica = replica;
        this.checkpoints = checkpoints;
    }

    /** How far a run has come, or came. */
    private record Run(boolean running, int files, long bytes, List<Damage> damaged, Optional<String> digest) {
        Run read(long more) {
            return new Run(running, files + 1, bytes + more, damaged, digest);
        }

        Run found(List<Damage> damage) {
            return new Run(running, files, bytes, damage, digest);
        }

        Run ended(Optional<String> compared) {
            return new Run(false, files, bytes, damaged, compared);
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
        boolean mine =
                !before.running() && last.compareAndSet(before, new Run(true, 0, 0, List.of(), Optional.empty()));
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
            Optional<Checkpoint> newest = checkpoints.durable(LogIndex.BEFORE_FIRST, Duration.ZERO);
            if (newest.isPresent()) {
                try (Checkpoint checkpoint = newest.get()) {
                    List<Damage> damage = Scrub.of(checkpoint, bytes -> last.updateAndGet(run -> run.read(bytes)));
                    last.updateAndGet(run -> run.found(damage));
                }
            }
            long revision = view.position().revision();
            RevisionTree tree = new RevisionTree(view);
            boolean matches = revision < tree.first()
                    || RevisionTree.recompute(view, revision).equals(tree.digest(revision));
            digest = Optional.of(matches ? "matches" : "differs");
        } catch (StoreFailure damaged) {
            // Which file it is stands in the list already, or the next run finds it there.
        } finally {
            Optional<String> compared = digest;
            last.updateAndGet(run -> run.ended(compared));
        }
    }

    private Answer get(Request request, String rest) {
        request.params(List.of());
        return Answer.json(200, json());
    }

    private JsonWriter json() {
        Run run = last.get();
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
            json.name("repaired").bool(false).name("what").text(damage.what()).end();
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

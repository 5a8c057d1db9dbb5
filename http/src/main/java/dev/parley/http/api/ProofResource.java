package dev.parley.http.api;

import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.RevisionTree;
import dev.parley.store.kv.RevisionTree.Consistency;
import dev.parley.store.kv.RevisionTree.Inclusion;
import dev.parley.store.kv.RevisionTree.Root;
import dev.parley.store.merkle.Hash;
import dev.parley.store.merkle.SetDigest;
import dev.parley.store.replica.Replica;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** {@code /v1/proof}, {@code /v1/root}, {@code /v1/digest}: what proves that history was not changed. */
final class ProofResource implements Resource {
    private static final List<String> LEVEL = List.of("consistency", "min_revision", "timeout");

    private static final List<String> DIGEST_PARAMETERS =
            List.of("prefix", "start", "end", "consistency", "min_revision", "revision", "timeout");

    private final Replica replica;

    ProofResource(Replica replica) {
        this.replica = replica;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("/v1/proof", true).on("GET", this::inclusion),
                Route.of("/v1/proof/consistency", true).on("GET", this::consistency),
                Route.of("/v1/root", true).on("GET", this::root),
                Route.of("/v1/digest", true).on("GET", this::digest));
    }

    private Answer inclusion(Request request, String rest) {
        Params params = request.params(with("revision", "of"));
        long revision = required(params, "revision", 1);
        Optional<Long> of = params.number("of", revision, Numbers.MAX);
        try (OpenRead read = open(params, Math.max(revision, of.orElse(0L)))) {
            RevisionTree tree = new RevisionTree(read.view());
            requireThere(read, tree, "revision", revision);
            of.ifPresent(given -> requireThere(read, tree, "of", given));
            if (!tree.has(revision)) {
                throw read.mark(Compaction.problem(
                        "revision", tree.revisionOf(tree.root(revision).count())));
            }
            long upTo = of.orElse(read.revision());
            Inclusion proof = tree.inclusion(revision, upTo);
            JsonWriter json = new JsonWriter(2 << 10);
            json.object().name("revision").number(revision).name("of").number(upTo);
            json.name("leaf").text(proof.leaf().hex());
            json.name("content").text(HexFormat.of().formatHex(proof.content().unsafeArray()));
            json.name("index")
                    .number(proof.index())
                    .name("count")
                    .number(proof.of().count());
            path(json, proof.path());
            json.name("root").text(proof.of().root().hex()).end();
            return read.mark(Answer.json(200, json));
        }
    }

    private Answer consistency(Request request, String rest) {
        Params params = request.params(with("from", "to"));
        long from = required(params, "from", 0);
        long to = required(params, "to", from);
        try (OpenRead read = open(params, to)) {
            RevisionTree tree = new RevisionTree(read.view());
            requireThere(read, tree, "from", from);
            requireThere(read, tree, "to", to);
            Consistency proof = tree.consistency(from, to);
            JsonWriter json = new JsonWriter(2 << 10);
            json.object().name("from").number(from).name("to").number(to);
            json.name("count_from").number(proof.from().count());
            json.name("count_to").number(proof.to().count());
            path(json, proof.path());
            json.name("root_from").text(proof.from().root().hex());
            json.name("root_to").text(proof.to().root().hex()).end();
            return read.mark(Answer.json(200, json));
        }
    }

    private Answer root(Request request, String rest) {
        try (OpenRead read = ReadLevel.of(request.params(ReadLevel.PARAMETERS)).open(replica)) {
            RevisionTree tree = new RevisionTree(read.view());
            requireThere(read, tree, "revision", read.revision());
            Root root = tree.root(read.revision());
            JsonWriter json = new JsonWriter(256);
            json.object().name("revision").number(read.revision());
            json.name("count").number(root.count());
            json.name("root").text(root.root().hex()).end();
            return read.mark(Answer.json(200, json));
        }
    }

    private Answer digest(Request request, String rest) {
        Params params = request.params(DIGEST_PARAMETERS);
        KeyRange range = Ranges.of(params);
        try (OpenRead read = ReadLevel.of(params).open(replica)) {
            RevisionTree tree = new RevisionTree(read.view());
            requireThere(read, tree, "revision", read.revision());
            JsonWriter json = new JsonWriter(256);
            json.object().name("revision").number(read.revision());
            if (params.firstOf(Ranges.PARAMETERS).isPresent()) {
                RevisionTree.Content content = range.isEmpty()
                        ? new RevisionTree.Content(0, SetDigest.EMPTY)
                        : RevisionTree.recompute(read.view(), range, read.revision());
                json.name("count").number(content.count());
                json.name("digest").text(content.digest().hex()).end();
                return read.mark(Answer.json(200, json));
            }
            json.name("digest").text(tree.digest(read.revision()).hex()).end();
            return read.mark(Answer.json(200, json));
        }
    }

    /** A state that, where the client takes an old one, has at least the revisions asked for. */
    private OpenRead open(Params params, long revisionMax) {
        ReadLevel level = ReadLevel.of(params);
        long least = level.stale() ? Math.max(level.revisionMin(), revisionMax) : level.revisionMin();
        return new ReadLevel(level.stale(), least, Optional.empty(), level.timeout()).open(replica);
    }

    private static void requireThere(OpenRead read, RevisionTree tree, String field, long revision) {
        long newest = read.view().position().revision();
        if (revision > newest) {
            throw read.mark(Compaction.ahead(field, newest));
        }
        if (revision < tree.first()) {
            throw read.mark(Compaction.problem(field, tree.first()));
        }
    }

    private static long required(Params params, String name, long min) {
        return params.number(name, min, Numbers.MAX)
                .orElseThrow(() -> Problem.parameter(name, "The parameter " + name + " is missing."));
    }

    private static void path(JsonWriter json, List<Hash> path) {
        json.name("path").array();
        path.forEach(hash -> json.text(hash.hex()));
        json.endArray();
    }

    private static List<String> with(String one, String other) {
        List<String> names = new ArrayList<>(LEVEL);
        names.add(one);
        names.add(other);
        return List.copyOf(names);
    }
}

package dev.parley.consistency.run;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.checker.Finding;
import dev.parley.consistency.checker.Verdict;
import dev.parley.consistency.client.Contents;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares what all nodes hold at one revision: keys, values, revisions and versions. */
final class FinalState {
    private static final int ATTEMPTS = 6;

    private final List<NodeClient> nodes;
    private final Recorder recorder;

    FinalState(List<NodeClient> nodes, Recorder recorder) {
        this.nodes = nodes;
        this.recorder = recorder;
    }

    Verdict compare() {
        Optional<Long> revision = revision();
        if (revision.isEmpty()) {
            return Verdict.unknown(new Finding(
                    "not-recovered", "", "No node answered a linearizable read after everything had healed."));
        }
        Map<String, Contents> contents = new LinkedHashMap<>();
        for (NodeClient node : nodes) {
            Optional<Contents> content = content(node, revision.get());
            if (content.isEmpty()) {
                return Verdict.unknown(new Finding(
                        "not-recovered",
                        "",
                        "Node " + node.name() + " did not show its content at revision " + revision.get()
                                + " after everything had healed."));
            }
            contents.put(node.name(), content.get());
            Map<String, Json> fields = new LinkedHashMap<>();
            fields.put("node", Json.of(node.name()));
            fields.put("revision", Json.of(revision.get()));
            fields.put("items", Json.of(content.get().items().size()));
            Clients.note(recorder, "state", Json.of(content.get().digest()), fields);
        }
        return judge(revision.get(), contents);
    }

    private static Verdict judge(long revision, Map<String, Contents> contents) {
        Map.Entry<String, Contents> first = contents.entrySet().iterator().next();
        List<Finding> findings = new ArrayList<>();
        contents.forEach((node, content) -> {
            if (!content.digest().equals(first.getValue().digest())) {
                findings.add(new Finding(
                        "diverged",
                        "",
                        "At revision " + revision + " nodes " + first.getKey() + " and " + node
                                + " hold different content: "
                                + first.getValue().difference(content) + ".",
                        1));
            }
        });
        Answer answer = findings.isEmpty() ? Answer.VALID : Answer.INVALID;
        return new Verdict(
                answer,
                findings,
                Map.of(
                        "final_revision",
                        Json.of(revision),
                        "final_items",
                        Json.of(first.getValue().items().size())));
    }

    private Optional<Long> revision() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            for (NodeClient node : nodes) {
                Reply reply = node.send("GET", "/v1/kv?count_only=true");
                if (reply instanceof Reply.Answer answer
                        && answer.status() == 200
                        && answer.member("revision") instanceof Json.Int(long revision)) {
                    return Optional.of(revision);
                }
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000_000L);
        }
        return Optional.empty();
    }

    private static Optional<Contents> content(NodeClient node, long revision) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Contents> content = Contents.read(node, "consistency=stale&revision=" + revision);
            if (content.isPresent()) {
                return content;
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000_000L);
        }
        return Optional.empty();
    }
}

package dev.parley.http.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.api.LocalNode;
import dev.parley.http.cli.ProofCheck.Root;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Version;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ProveCommandTest {
    private final LocalNode node = new LocalNode();
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @BeforeEach
    void write() {
        for (int i = 1; i <= 5; i++) {
            assertEquals(0, run("kv", "put", "k" + i % 2, "v" + i, "--content-type", "text/plain"));
        }
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private int run(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]),
                new ByteArrayOutputStream(),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                Map.of("PARLEY_ENDPOINT", node.url()));
        return new CommandTree(terminal).run(arguments);
    }

    @Test
    void aKeyIsProvenAndTheHistoryGoesOnFromTheRootKept() {
        assertEquals(ExitCode.OK, run("prove", "k1"), err.toString());
        String root = out.toString().strip();
        assertTrue(root.matches("5:5:[0-9a-f]{64}"), root);

        run("kv", "put", "k2", "more");
        assertEquals(ExitCode.OK, run("prove", "k1", "--since", root), err.toString());
        assertTrue(out.toString().startsWith("6:6:"), out.toString());
        assertEquals(ExitCode.OK, run("prove", "k1", "--revision", "3"), err.toString());
    }

    @Test
    void aRootOfAnotherHistoryIsNotGoneOnFrom() {
        assertEquals(ExitCode.FAILED, run("prove", "k1", "--since", "3:3:" + "ab".repeat(32)));
        assertTrue(err.toString().contains("the history was rewritten"), err.toString());
    }

    @Test
    void whatIsNoRootIsAWrongCommandLineAndAMissingKeyIsNotProven() {
        assertEquals(ExitCode.USAGE, run("prove", "k1", "--since", "3"));
        assertEquals(ExitCode.FAILED, run("prove", "missing"));
    }

    /** What a node that lies could change in its answers. */
    @Test
    void nothingOfTheAnswersCanBeChanged() throws Exception {
        ObjectNode proof = (ObjectNode) Endpoint.JSON.readTree(node.get("/v1/proof?revision=4&of=5"));
        Version.Live honest = new Version.Live(2, 4, 2, 0, "text/plain", Bytes.utf8("v4"));
        Root root = ProofCheck.inclusion("k0", honest, proof);
        assertEquals(5, root.count());

        for (Version.Live lie : List.of(
                new Version.Live(2, 4, 2, 0, "text/plain", Bytes.utf8("v5")),
                new Version.Live(1, 4, 2, 0, "text/plain", Bytes.utf8("v4")),
                new Version.Live(2, 5, 2, 0, "text/plain", Bytes.utf8("v4")),
                new Version.Live(2, 4, 3, 0, "text/plain", Bytes.utf8("v4")),
                new Version.Live(2, 4, 2, 1, "text/plain", Bytes.utf8("v4")),
                new Version.Live(2, 4, 2, 0, "text/html", Bytes.utf8("v4")))) {
            assertThrows(CommandFailure.class, () -> ProofCheck.inclusion("k0", lie, proof), lie.toString());
        }
        assertThrows(CommandFailure.class, () -> ProofCheck.inclusion("k1", honest, proof));
        for (String field : List.of("content", "index", "count", "root")) {
            ObjectNode changed = proof.deepCopy();
            JsonNode value = proof.get(field);
            if (value.isNumber()) {
                changed.put(field, value.asLong() + 1);
            } else {
                changed.put(field, flipped(value.asText()));
            }
            assertThrows(CommandFailure.class, () -> ProofCheck.inclusion("k0", honest, changed), field);
            changed.remove(field);
            assertThrows(CommandFailure.class, () -> ProofCheck.inclusion("k0", honest, changed), field);
        }
        for (int i = 0; i < proof.get("path").size(); i++) {
            ObjectNode changed = proof.deepCopy();
            changed.withArray("path").set(i, flipped(proof.get("path").get(i).asText()));
            assertThrows(CommandFailure.class, () -> ProofCheck.inclusion("k0", honest, changed));
        }
    }

    private static String flipped(String hex) {
        return (hex.charAt(0) == '0' ? '1' : '0') + hex.substring(1);
    }
}

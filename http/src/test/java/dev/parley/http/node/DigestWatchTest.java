package dev.parley.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.http.api.LocalNode;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.SingleNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two clusters of one stand for two nodes that should hold the same. */
final class DigestWatchTest {
    private final SingleNode mine = SingleNode.start();
    private final LocalNode other = new LocalNode();
    private final List<String> told = new ArrayList<>();
    private final List<String> given = new ArrayList<>();

    @AfterEach
    void stop() {
        mine.close();
        other.close();
    }

    private static void submit(SingleNode node, Command command) {
        node.replica().submit(Submission.of(command), Duration.ofSeconds(10));
    }

    private void put(String key, String mineHas, String otherHas) {
        submit(mine, put(key, mineHas));
        other.submit(put(key, otherHas));
    }

    private static Command put(String key, String value) {
        return new Command.Put(
                Key.of(key), Bytes.utf8(value), "", new Command.LeaseChoice.None(), Command.Precondition.NONE);
    }

    private List<String> look() {
        for (String name : List.of("n2", "n3")) {
            submit(mine, new Command.RegisterMember(name, new UUID(1, 1), "http://" + name, 1));
        }
        return new DigestWatch("n1", mine.replica(), (url, path) -> answer(path), told::add, given::add).look();
    }

    private PeerClient.Reply answer(String path) {
        try {
            return new PeerClient.Reply.Answer(new ObjectMapper().readTree(other.get(path)));
        } catch (JsonProcessingException malformed) {
            throw new IllegalStateException(malformed);
        }
    }

    @Test
    void nodesWithTheSameStateHaveNothingToSay() {
        for (int i = 0; i < 50; i++) {
            put("k" + i, "v" + i, "v" + i);
        }
        assertEquals(List.of(), look());
        assertEquals(List.of(), given);
    }

    @Test
    void aDifferenceIsLocatedAndAMajorityMakesTheNodeGiveUpItsTables() {
        for (int i = 100; i < 300; i++) {
            put("k" + i, "v", i == 217 ? "damaged" : "v");
        }
        List<String> differences = look();
        assertEquals(2, differences.size(), differences::toString);
        assertEquals(differences, told);
        String sentence = differences.getFirst();
        assertTrue(sentence.startsWith("the live state of n1 and n2 differs at revision 200, between"), sentence);
        String low = sentence.replaceAll(".*keys \"([^\"]*)\".*", "$1");
        String high = sentence.replaceAll(".*and \"([^\"]*)\"$", "$1");
        assertTrue("k217".compareTo(low) >= 0 && "k217".compareTo(high) < 0, sentence);
        assertTrue(low.compareTo("k205") > 0 && high.compareTo("k230") < 0, "not narrowed down: " + sentence);
        assertEquals(1, given.size());
    }
}

package dev.parley.consistency.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.consistency.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryReaderTest {
    private static final String INVOKE =
            "{\"index\":0,\"process\":1,\"type\":\"invoke\",\"f\":\"write\",\"key\":\"a\",\"value\":1}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "7",
                "{\"type\":\"ok\",\"f\":\"read\"}",
                "{\"process\":true,\"type\":\"ok\",\"f\":\"read\"}",
                "{\"process\":1,\"type\":\"done\",\"f\":\"read\"}",
                "{\"process\":1,\"type\":\"ok\"}",
                "{\"process\":1,\"type\":\"ok\",\"f\":\"read\"} x",
                "{\"process\":01,\"type\":\"ok\",\"f\":\"read\"}"
            })
    void aLineThatIsNoEventIsAnErrorThatNamesIt(String line) {
        MalformedHistoryException failure = assertThrows(
                MalformedHistoryException.class, () -> HistoryReader.parse("h.jsonl", INVOKE + "\n\n" + line + "\n"));
        assertTrue(failure.getMessage().startsWith("h.jsonl:3: "), failure.getMessage());
    }

    @Test
    void unknownFieldsBlankLinesFaultsAndABomAreNoTrouble() {
        History history = HistoryReader.parse(
                "h",
                "\uFEFF" + INVOKE
                        + "\n\n{\"process\":\"nemesis\",\"type\":\"info\",\"f\":\"kill\",\"value\":[\"n1\"],\"x\":{}}\n"
                        + "{\"process\":1,\"type\":\"ok\",\"f\":\"write\",\"node\":\"n2\"}\n");
        assertEquals(3, history.events().size());
        assertEquals(1, history.faults().size());
        Operation write = Operations.pair(history).getFirst();
        assertEquals("a", write.key());
        assertEquals(Json.of(1), write.input());
        assertTrue(write.ok());
    }

    @Test
    void anOperationThatNeverEndsAndOneWhoseProcessGoesOnStayOpen() {
        List<Operation> operations = Operations.pair(HistoryReader.parse("h", INVOKE + "\n" + INVOKE + "\n"));
        assertEquals(2, operations.size());
        assertTrue(operations.stream()
                .allMatch(operation -> operation.unknown() && operation.completed() == Operation.NEVER));
    }

    @Test
    void anInfoIsAnOpenOperationWithTheValueOfItsInvocation() {
        Operation write = Operations.pair(HistoryReader.parse(
                        "h", INVOKE + "\n{\"process\":1,\"type\":\"info\",\"f\":\"write\",\"value\":null}"))
                .getFirst();
        assertTrue(write.unknown());
        assertEquals(Operation.NEVER, write.completed());
        assertEquals(Json.of(1), write.input());
    }

    @Test
    void aCompletionWithoutABeginningIsAnError() {
        History history = HistoryReader.parse("h", "{\"process\":1,\"type\":\"ok\",\"f\":\"read\",\"value\":1}");
        MalformedHistoryException failure =
                assertThrows(MalformedHistoryException.class, () -> Operations.pair(history));
        assertTrue(
                failure.getMessage().contains("h:1: process 1 completes a read it did not begin"),
                failure.getMessage());
    }

    @Test
    void valuesOfEveryKindAreComparedByContent() {
        History history = HistoryReader.parse(
                "h",
                "{\"process\":1,\"type\":\"invoke\",\"f\":\"write\",\"key\":7,\"value\":{\"b\":[1.0,\"x\",null],\"a\":1e2}}");
        Event event = history.events().getFirst();
        assertEquals("7", event.key());
        assertEquals(dev.parley.consistency.json.JsonParser.parse("{\"a\":100,\"b\":[1,\"x\",null]}"), event.value());
    }
}

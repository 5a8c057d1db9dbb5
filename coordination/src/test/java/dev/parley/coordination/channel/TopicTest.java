package dev.parley.coordination.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TopicTest {
    private static final Publisher ONE = new Publisher("n1", 0xABCDL);
    private static final Publisher TWO = new Publisher("n2.x~y", -1);

    private final Topic topic = new Topic(5, 1 << 20);

    private static ChannelMessage message(Publisher publisher, long sequence) {
        return new ChannelMessage(publisher, sequence, 0, Bytes.utf8("" + sequence));
    }

    private List<Long> read(Position after) {
        return topic.after(after, 100).stream().map(ChannelMessage::sequence).toList();
    }

    /** H23: the order of each publisher is kept. */
    @Test
    void aMessageAheadOfAMissingOneWaitsForItAndADuplicateIsNothing() {
        assertTrue(topic.take(message(ONE, 1), 1));
        assertFalse(topic.take(message(ONE, 3), 1), "number 2 can still be had");
        assertTrue(topic.take(message(TWO, 1), 1));
        assertTrue(topic.take(message(ONE, 2), 1));
        assertFalse(topic.take(message(ONE, 2), 1));
        assertTrue(topic.take(message(ONE, 3), 1));
        assertEquals(List.of(1L, 1L, 2L, 3L), read(Position.START));
    }

    @Test
    void whatNobodyHasAnyMoreIsPassedOver() {
        topic.take(message(ONE, 1), 1);
        assertTrue(topic.take(message(ONE, 7), 7), "numbers 2 to 6 are gone everywhere");
        assertFalse(topic.take(message(ONE, 9), 7));
        assertEquals(List.of(1L, 7L), read(Position.START));
    }

    @Test
    void onlyTheLastAreKeptAndAPositionShowsWhatIsNew() {
        for (int i = 1; i <= 8; i++) {
            topic.take(message(ONE, i), 1);
        }
        assertEquals(List.of(4L, 5L, 6L, 7L, 8L), read(Position.START));
        assertEquals(List.of(7L, 8L), read(Position.of(ONE, 6)));
        assertEquals(List.of(), read(topic.newest()));
        assertEquals(List.of(4L, 5L, 6L, 7L, 8L), read(Position.of(TWO, 100)));
    }

    @Test
    void whoLacksMessagesGetsThemWithTheFirstNumberThereIs() {
        for (int i = 1; i <= 8; i++) {
            topic.take(message(ONE, i), 1);
        }
        Topic other = new Topic(5, 1 << 20);
        other.take(message(ONE, 1), 1);
        for (Topic.Sent sent : topic.missing(other.newest(), 2, 1 << 20)) {
            assertTrue(other.take(sent.message(), sent.floor()));
        }
        assertEquals(
                List.of(1L, 4L, 5L),
                other.after(Position.START, 9).stream()
                        .map(ChannelMessage::sequence)
                        .toList());
        assertEquals(3, topic.missing(other.newest(), 100, 1 << 20).size());
        assertEquals(List.of(), topic.missing(topic.newest(), 100, 1 << 20));
        assertEquals(1, topic.missing(Position.START, 100, 1).size(), "one always fits");
    }

    @Test
    void aPositionIsReadBackFromItsText() {
        Position position = Position.of(Map.of(ONE, 5L, TWO, 7L));
        assertEquals(Optional.of(position), Position.parse(position.text()));
        assertEquals(Optional.of(Position.START), Position.parse(""));
        assertEquals(
                Optional.of(Position.of(ONE, 3)), Position.parse(message(ONE, 3).id()));
        for (String broken : List.of("x", "n1~abcd", "n1~abcd~", "n1~zz~1", "~a~1", "n1~abcd~-1", "n1~abcd~1,", ",")) {
            assertEquals(Optional.empty(), Position.parse(broken), broken);
        }
    }

    @Test
    void messagesComeOutOfTheirCodecAsTheyWentIn() {
        TopicMessage published = new TopicMessage.Published("t", List.of(new Topic.Sent(message(TWO, 3), 2)));
        assertEquals(published, TopicMessage.decode(published.encode()));
        TopicMessage newest =
                new TopicMessage.Newest(new java.util.TreeMap<>(Map.of("t", Position.of(Map.of(ONE, 5L, TWO, 7L)))));
        assertEquals(newest, TopicMessage.decode(newest.encode()));
    }
}

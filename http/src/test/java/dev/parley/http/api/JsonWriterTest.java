package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void whateverTextIsWrittenIsReadBack() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(12); j > 0; j--) {
                int point = random.nextInt(3) == 0 ? random.nextInt(0x110000) : random.nextInt(0x90);
                if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
                    text.appendCodePoint(point);
                }
            }
            JsonWriter json = new JsonWriter(1);
            json.object().name("t").text(text.toString()).end();
            assertEquals(text.toString(), JSON.readTree(json.toBytes()).get("t").textValue());
        }
    }

    @Test
    void everyNumberIsWrittenInFull() throws Exception {
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < 10_000; i++) {
            long number = random.nextLong() >> random.nextInt(64);
            JsonWriter json = new JsonWriter(1);
            json.array()
                    .number(number)
                    .number(0)
                    .number(Long.MAX_VALUE)
                    .number(Long.MIN_VALUE)
                    .endArray();
            JsonNode read = JSON.readTree(json.toBytes());
            assertEquals(number, read.get(0).longValue());
            assertEquals(0, read.get(1).longValue());
            assertEquals(Long.MAX_VALUE, read.get(2).longValue());
            assertEquals(Long.MIN_VALUE, read.get(3).longValue());
        }
    }

    @Test
    void commasStandWhereTheyBelong() {
        JsonWriter json = new JsonWriter(4);
        json.object().name("a").array().endArray();
        json.name("b").array().object().end().nothing().bool(true).endArray();
        json.name("c").base64(new byte[] {1, 2}).end().newline();
        json.object().end();
        assertEquals(
                "{\"a\":[],\"b\":[{},null,true],\"c\":\"AQI=\"}\n{}",
                new String(json.toBytes(), StandardCharsets.UTF_8));
    }
}

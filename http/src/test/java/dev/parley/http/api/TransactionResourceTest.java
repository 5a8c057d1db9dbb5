package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionResourceTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void twoKeys() {
        server.delete("/v1/kv?prefix=t/");
        server.put("/v1/kv/t/a", "1", "Content-Type: text/plain");
        server.put("/v1/kv/t/b", "2");
    }

    /** @param json with single quotes for double ones */
    private static HttpReply send(String json, String... headers) {
        return server.post("/v1/txn", json.replace('\'', '"'), headers);
    }

    private static JsonNode done(String json) {
        HttpReply reply = send(json);
        assertEquals(200, reply.status(), reply::toString);
        assertEquals(reply.revision(), reply.json().get("revision").asLong());
        return reply.json();
    }

    @Test
    void everyOperationIsAnsweredInOrderAndSeesTheOnesBefore() {
        long before = server.revision();
        JsonNode answer = done("""
                {'success':[{'put':{'key':'t/c','value':'3','content_type':'text/x'}},{'get':{'key':'t/c'}},{'get':{'key':'t/none'}},
                 {'delete':{'key':'t/a'}},{'delete':{'prefix':'t/z'}},{'range':{'prefix':'t/','limit':1}},{'range':{'start':'t/b','end':'t/d'}}]}""");
        assertTrue(answer.get("succeeded").asBoolean());
        assertEquals(before + 1, answer.get("revision").asLong());
        JsonNode results = answer.get("results");
        assertEquals(7, results.size());
        assertEquals(before + 1, results.at("/0/put/revision").asLong());
        assertTrue(results.at("/0/put/created").asBoolean());
        assertEquals("t/c", results.at("/0/put/key").asText());
        assertEquals(1, results.at("/0/put/version").asLong());
        assertEquals("3", results.at("/1/get/item/value").asText());
        assertEquals("text/x", results.at("/1/get/item/content_type").asText());
        assertTrue(results.at("/2/get/item").isNull());
        assertEquals(1, results.at("/3/delete/deleted").asLong());
        assertEquals(0, results.at("/4/delete/deleted").asLong());
        assertEquals("t/b", results.at("/5/range/items/0/key").asText());
        assertTrue(results.at("/5/range/more").asBoolean());
        assertEquals(2, results.at("/6/range/items").size());
        assertFalse(results.at("/6/range/more").asBoolean());
    }

    @Test
    void whenAComparisonFailsTheOtherBranchIsDone() {
        JsonNode answer = done("""
                {'compare':[{'key':'t/a','target':'value','op':'=','value':'other'}],
                 'success':[{'put':{'key':'t/s','value':''}}],'failure':[{'put':{'key':'t/f','value':''}}]}""");
        assertFalse(answer.get("succeeded").asBoolean());
        assertEquals(404, server.get("/v1/kv/t/s").status());
        assertEquals(200, server.get("/v1/kv/t/f").status());
    }

    @ParameterizedTest
    @CsvSource({
        "t/a,value,=,'''1''',true",
        "t/a,value,!=,'''1''',false",
        "t/a,value,<,'''2''',true",
        "t/a,value,>,'''0''',true",
        "t/none,value,=,'''1''',false",
        "t/none,value,!=,'''1''',false",
        "t/none,value,<,'''1''',false",
        "t/a,version,=,1,true",
        "t/a,version,<,1,false",
        "t/none,version,=,0,true",
        "t/none,create_revision,=,0,true",
        "t/none,mod_revision,<,1,true",
        "t/a,mod_revision,>,0,true",
        "t/a,create_revision,=,0,false",
    })
    void aComparisonHoldsOrNot(String key, String target, String op, String operand, boolean holds) {
        JsonNode answer = done("{'compare':[{'key':'" + key + "','target':'" + target + "','op':'" + op + "','" + target
                + "':" + operand + "}]}");
        assertEquals(holds, answer.get("succeeded").asBoolean());
    }

    @Test
    void aValueCanBeComparedAsBase64() {
        assertTrue(done("{'compare':[{'key':'t/a','target':'value','op':'=','value_base64':'MQ=='}]}")
                .get("succeeded")
                .asBoolean());
    }

    @Test
    void aTransactionThatWritesNothingMakesNoRevision() {
        long before = server.revision();
        done("{}");
        done("{'success':[{'get':{'key':'t/a'}},{'delete':{'key':'t/none'}}]}");
        assertEquals(before, server.revision());
    }

    @Test
    void valuesOfAnAnswerComeAsBase64WhenWanted() {
        HttpReply reply = server.post("/v1/txn?base64=true", "{\"success\":[{\"get\":{\"key\":\"t/a\"}}]}");
        assertEquals("MQ==", reply.json().at("/results/0/get/item/value_base64").asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'sucess':[]}|/sucess|success",
                "{'success':[{'putt':{}}]}|/success/0/putt|put",
                "{'success':[{'put':{'key':'k','valeu':'x'}}]}|/success/0/put/valeu|value",
                "{'success':[{'put':{'key':'k'}}]}|/success/0/put|",
                "{'success':[{'put':{'key':'k','value':'x','value_base64':'eA=='}}]}|/success/0/put|",
                "{'success':[{'put':{'key':'k','value_base64':'x!'}}]}|/success/0/put/value_base64|",
                "{'success':[{'put':{'key':'k','value':5}}]}|/success/0/put/value|",
                "{'success':[{'put':{'key':'k','value':null}}]}|/success/0/put/value|",
                "{'success':[{'put':{'key':'','value':'x'}}]}|/success/0/put/key|",
                "{'success':[{'put':{'key':'a\\u0000','value':'x'}}]}|/success/0/put/key|",
                "{'success':[{'put':{'key':'\\ud800','value':'x'}}]}|/success/0/put/key|",
                "{'success':[{'put':{'value':'x'}}]}|/success/0/put/key|",
                "{'success':[{'put':{'key':'k','value':'x','lease':5}}]}|/success/0/put/lease|",
                "{'success':[{'put':{'key':'k','value':'x','content_type':'a\\nb'}}]}|/success/0/put/content_type|",
                "{'success':[{}]}|/success/0|",
                "{'success':[{'get':{'key':'a'},'put':{'key':'k','value':'x'}}]}|/success/0|",
                "{'success':{}}|/success|",
                "{'success':[5]}|/success/0|",
                "{'success':[{'delete':{}}]}|/success/0/delete|",
                "{'success':[{'delete':{'key':'a','prefix':'a'}}]}|/success/0/delete|",
                "{'success':[{'delete':{'prefix':'a','start':'a'}}]}|/success/0/delete|",
                "{'success':[{'range':{'limit':0}}]}|/success/0/range/limit|",
                "{'success':[{'range':{'limit':1001}}]}|/success/0/range/limit|",
                "{'success':[{'range':{'limit':1.0}}]}|/success/0/range/limit|",
                "{'compare':[{'key':'k','target':'valeu','op':'=','value':'x'}]}|/compare/0/target|value",
                "{'compare':[{'key':'k','target':'version','op':'==','version':1}]}|/compare/0/op|",
                "{'compare':[{'key':'k','target':'version','op':'=','value':'1'}]}|/compare/0/value|",
                "{'compare':[{'key':'k','target':'version','op':'='}]}|/compare/0/version|",
                "{'compare':[{'key':'k','target':'version','op':'=','version':-1}]}|/compare/0/version|",
                "{'compare':[{'key':'k','target':'version','op':'=','version':9007199254740992}]}|/compare/0/version|",
            })
    void aMalformedTransactionIsRefusedAndTheFieldNamed(String json, String field, String hint) {
        long before = server.revision();
        HttpReply reply = send(json);
        assertEquals(400, reply.status(), reply::toString);
        assertEquals(field, reply.json().path("field").asText(), reply::toString);
        assertEquals("not-applied", reply.json().get("outcome").asText());
        if (hint != null) {
            assertTrue(reply.json().get("detail").asText().contains(hint), reply::toString);
        }
        assertEquals(before, server.revision());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "null", "5", "{", "{'success':[]} x", "{'success':[],'success':[]}", "{'a':01}", "{}{}"
            })
    void whatIsNoJsonObjectIsRefused(String body) {
        HttpReply reply = send(body);
        assertEquals(400, reply.status(), reply::toString);
        assertEquals("malformed-json", reply.problem());
    }

    @Test
    void deepNestingIsRefusedAndNotAFault() {
        assertEquals(400, send("[".repeat(100_000)).status());
        assertEquals(400, send("{'a':".repeat(50_000)).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'put':{'key':'k','value':'1'}},{'put':{'key':'k','value':'2'}}",
                "{'put':{'key':'k','value':'1'}},{'delete':{'key':'k'}}",
                "{'delete':{'prefix':'k'}},{'put':{'key':'kk','value':'2'}}",
                "{'put':{'key':'k','value':'1'}},{'delete':{'start':'a'}}",
            })
    void aKeyMayBeWrittenOnlyOnce(String operations) {
        HttpReply reply = send("{'success':[" + operations + "]}");
        assertEquals(400, reply.status(), reply::toString);
        assertEquals("/success/1", reply.json().get("field").asText());
        assertEquals(400, send("{'failure':[" + operations + "]}").status());
    }

    @Test
    void bothBranchesMayWriteTheSameKey() {
        done("{'success':[{'put':{'key':'t/x','value':'1'}}],'failure':[{'put':{'key':'t/x','value':'2'}}]}");
    }

    @Test
    void aHundredAndTwentyEightOperationsAreTheMost() {
        assertEquals(200, send(puts(128)).status());
        HttpReply reply = send(puts(129));
        assertEquals(400, reply.status());
        assertEquals("/success", reply.json().get("field").asText());
    }

    private static String puts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{'put':{'key':'t/many/" + i + "','value':''}}")
                .collect(Collectors.joining(",", "{'success':[", "]}"));
    }

    @Test
    void aLeaseThatIsNotRefusesTheWholeTransaction() {
        HttpReply reply =
                send("{'success':[{'put':{'key':'t/q','value':''}},{'put':{'key':'t/r','value':'','lease':'77777'}}]}");
        assertEquals(409, reply.status());
        assertEquals("lease-not-found", reply.problem());
        assertEquals(404, server.get("/v1/kv/t/q").status());
    }

    @Test
    void aValueThatIsTooLargeIsNotTaken() {
        HttpReply reply = send("{'success':[{'put':{'key':'t/big','value':'" + "x".repeat(1_000_001) + "'}}]}");
        assertEquals(413, reply.status());
        assertEquals("/success/0/put/value", reply.json().get("field").asText());
    }

    @Test
    void anAnswerThatWouldBeTooLargeIsARuleOfTheResource() {
        String value = "x".repeat(1_000_000);
        for (int i = 0; i < 6; i++) {
            server.put("/v1/kv/t/huge/" + i, value);
        }
        HttpReply reply = send("{'success':[{'range':{'prefix':'t/huge/'}}]}");
        assertEquals(422, reply.status(), reply::toString);
        assertEquals(1, reply.json().get("errors").size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json; charset=utf-8",
                "Application/JSON",
                "application/x-www-form-urlencoded",
                ""
            })
    void theTypesOfJsonAreTaken(String type) {
        assertEquals(200, send("{}", "Content-Type: " + type).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/xml", "application/jsonp", "multipart/form-data"})
    void otherTypesAreNot(String type) {
        HttpReply reply = send("{}", "Content-Type: " + type);
        assertEquals(415, reply.status());
        assertEquals("unsupported-type", reply.problem());
        assertEquals("Content-Type", reply.json().get("field").asText());
        assertEquals(400, send("{'nope':1", "Content-Type: " + type).status());
    }

    @Test
    void theSameTransactionUnderItsIdempotencyKeyIsDoneOnce() {
        String json = "{'success':[{'put':{'key':'t/idem','value':'x'}},{'get':{'key':'t/idem'}}]}";
        HttpReply first = send(json, "Idempotency-Key: txn-1");
        server.delete("/v1/kv/t/idem");
        HttpReply again = send(json, "Idempotency-Key: txn-1");
        assertEquals(first.body(), again.body());
        assertEquals("true", again.header("Idempotent-Replay").orElseThrow());
        assertEquals(404, server.get("/v1/kv/t/idem").status());
    }
}

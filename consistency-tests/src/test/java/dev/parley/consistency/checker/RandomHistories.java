package dev.parley.consistency.checker;

import dev.parley.consistency.history.Event;
import dev.parley.consistency.history.History;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes small histories, many of them impossible, and large ones that are possible by construction. */
final class RandomHistories {
    private RandomHistories() {}

    /** Collects events. */
    static final class Recorder {
        private final List<Event> events = new ArrayList<>();

        void add(int process, Event.Type type, String f, String key, Json value) {
            add(process, type, f, key, value, Map.of());
        }

        void add(int process, Event.Type type, String f, String key, Json value, Map<String, Json> more) {
            Map<String, Json> fields = new LinkedHashMap<>(more);
            fields.put("value", value);
            int position = events.size();
            events.add(new Event(
                    position,
                    position + 1,
                    Integer.toString(process),
                    type,
                    f,
                    key,
                    value,
                    position,
                    new Json.Obj(fields)));
        }

        History history() {
            return new History("random", events);
        }
    }

    /** Operations of a few processes on one register with few values; results at random. */
    static History smallRegister(Random random, int operations) {
        Recorder recorder = new Recorder();
        int nextProcess = 3;
        int[] processes = {0, 1, 2};
        String[] open = new String[3];
        Json[] arguments = new Json[3];
        int begun = 0;
        while (begun < operations || open[0] != null || open[1] != null || open[2] != null) {
            int p = random.nextInt(3);
            if (open[p] == null && begun < operations) {
                open[p] = List.of("read", "write", "cas").get(random.nextInt(3));
                arguments[p] = switch (open[p]) {
                    case "read" -> Json.NULL;
                    case "write" -> Json.of(random.nextInt(3));
                    default -> Json.array(Json.of(random.nextInt(3)), Json.of(random.nextInt(3)));
                };
                recorder.add(processes[p], Event.Type.INVOKE, open[p], "", arguments[p]);
                begun++;
            } else if (open[p] != null) {
                int outcome = random.nextInt(10);
                Event.Type type = outcome < 7 ? Event.Type.OK : outcome < 8 ? Event.Type.FAIL : Event.Type.INFO;
                Json value = open[p].equals("read") && type == Event.Type.OK
                        ? (random.nextInt(5) == 0 ? Json.NULL : Json.of(random.nextInt(3)))
                        : arguments[p];
                recorder.add(processes[p], type, open[p], "", value);
                open[p] = null;
                if (type == Event.Type.INFO) {
                    processes[p] = nextProcess++;
                }
            }
        }
        return recorder.history();
    }

    /** What a real register would answer: every operation takes effect at some moment between its beginning and its end. */
    static History honestRegister(Random random, int operations, int keys, int clients, double lost) {
        Recorder recorder = new Recorder();
        Map<String, Json> registers = new LinkedHashMap<>();
        int[] processes = new int[clients];
        for (int c = 0; c < clients; c++) {
            processes[c] = c;
        }
        int nextProcess = clients;
        String[] f = new String[clients];
        String[] key = new String[clients];
        Json[] argument = new Json[clients];
        Json[] result = new Json[clients];
        int begun = 0;
        int open = 0;
        while (begun < operations || open > 0) {
            int c = random.nextInt(clients);
            if (f[c] == null) {
                if (begun == operations) {
                    continue;
                }
                f[c] = List.of("read", "write", "cas").get(random.nextInt(3));
                key[c] = Integer.toString(random.nextInt(keys));
                argument[c] = switch (f[c]) {
                    case "read" -> Json.NULL;
                    case "write" -> Json.of(random.nextInt(5));
                    default -> Json.array(Json.of(random.nextInt(5)), Json.of(random.nextInt(5)));
                };
                result[c] = null;
                recorder.add(processes[c], Event.Type.INVOKE, f[c], key[c], argument[c]);
                begun++;
                open++;
            } else if (result[c] == null) {
                result[c] = act(registers, f[c], key[c], argument[c]);
            } else {
                boolean failed = result[c] == FAILED;
                boolean unknown = random.nextDouble() < lost && !f[c].equals("read");
                Event.Type type = unknown ? Event.Type.INFO : failed ? Event.Type.FAIL : Event.Type.OK;
                recorder.add(
                        processes[c], type, f[c], key[c], f[c].equals("read") && !failed ? result[c] : argument[c]);
                if (unknown) {
                    processes[c] = nextProcess++;
                }
                f[c] = null;
                open--;
            }
        }
        return recorder.history();
    }

    private static final Json FAILED = Json.of("failed");

    private static Json act(Map<String, Json> registers, String f, String key, Json argument) {
        Json before = registers.getOrDefault(key, Json.NULL);
        return switch (f) {
            case "read" -> before;
            case "write" -> {
                registers.put(key, argument);
                yield argument;
            }
            default -> {
                List<Json> pair = ((Json.Array) argument).items();
                if (!pair.get(0).equals(before)) {
                    yield FAILED;
                }
                registers.put(key, pair.get(1));
                yield argument;
            }
        };
    }
}

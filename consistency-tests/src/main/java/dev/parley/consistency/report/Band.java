package dev.parley.consistency.report;

import dev.parley.consistency.history.Event;
import dev.parley.consistency.history.History;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The time a fault lasted.
 *
 * @param target what was hit
 * @param evidence how it was seen to take effect; empty when it was not
 */
record Band(String fault, double beginSeconds, double endSeconds, String target, String evidence) {

    /** The faults of a history that tell their phases. */
    static List<Band> of(History history, double endSeconds) {
        List<Band> bands = new ArrayList<>();
        Map<String, Band> open = new LinkedHashMap<>();
        for (Event event : history.faults()) {
            double at = event.timeNanos() / 1e9;
            String value = event.value() instanceof Json.Text(String text) ? text : "";
            Band band = open.get(event.f());
            switch (event.fields().get("phase") instanceof Json.Text(String name) ? name : "") {
                case "begin" -> open.put(event.f(), new Band(event.f(), at, endSeconds, value, ""));
                case "evidence" -> {
                    if (band != null) {
                        open.put(
                                event.f(),
                                new Band(band.fault(), band.beginSeconds(), endSeconds, band.target(), value));
                    }
                }
                case "end" -> {
                    if (band != null) {
                        bands.add(new Band(band.fault(), band.beginSeconds(), at, band.target(), band.evidence()));
                        open.remove(event.f());
                    }
                }
                default -> {
                    // Remarks have no length.
                }
            }
        }
        bands.addAll(open.values());
        return bands;
    }

    String describe() {
        return fault + " " + target + (evidence.isEmpty() ? ", no evidence" : ", " + evidence);
    }

    /** One of six colours, the same for the same fault. */
    String style() {
        String base = fault.contains("-") ? fault.substring(0, fault.indexOf('-')) : fault;
        return switch (base) {
            case "kill", "stop", "rolling" -> "band kill";
            case "pause" -> "band pause";
            case "partition", "slow" -> "band partition";
            case "clock" -> "band clock";
            case "disk", "wipe", "flip" -> "band disk";
            default -> "band other";
        };
    }
}

package dev.parley.http.api;

import dev.parley.coordination.process.Standing;
import dev.parley.coordination.process.Standing.Instance;
import dev.parley.store.kv.ProcessSpecification;
import dev.parley.store.kv.Processes.Placement;
import java.time.Duration;

/** Processes as JSON. */
final class ProcessJson {
    private ProcessJson() {}

    static void write(JsonWriter json, Standing standing) {
        ProcessSpecification specification = standing.process().specification();
        json.object().name("name").text(standing.process().name());
        json.name("kind").text(specification.kind());
        json.name("state").text(standing.state().text());
        json.name("node");
        standing.owner().ifPresentOrElse(owner -> json.text(owner.placement().node()), json::nothing);
        json.name("token");
        standing.owner().ifPresentOrElse(owner -> json.number(owner.placement().token()), json::nothing);
        json.name("revision").number(standing.revision());
        json.name("restarts")
                .number(standing.instances().stream()
                        .mapToLong(each -> each.placement().restarts())
                        .sum());
        json.name("started_at");
        startedAt(
                json,
                standing.owner()
                        .map(owner -> owner.placement().startedAtMillis())
                        .orElse(0L));
        json.name("last_failure");
        lastFailure(
                json,
                standing.instances().stream()
                        .map(each -> each.placement().lastFailure())
                        .filter(failure -> !failure.isEmpty())
                        .findFirst()
                        .orElse(""));
        if (!specification.isSingleton()) {
            json.name("instances").array();
            standing.instances().forEach(instance -> instance(json, instance));
            json.endArray();
        }
        json.name("specification");
        specification(json, specification);
        json.end();
    }

    private static void instance(JsonWriter json, Instance instance) {
        Placement placement = instance.placement();
        boolean orphaned = instance.state() == Standing.State.ORPHANED;
        json.object().name("node");
        if (orphaned) {
            json.nothing();
        } else {
            json.text(placement.node());
        }
        json.name("token").number(placement.token());
        json.name("state").text(instance.state().text());
        json.name("restarts").number(placement.restarts());
        json.name("started_at");
        startedAt(json, placement.startedAtMillis());
        json.name("last_failure");
        lastFailure(json, placement.lastFailure());
        json.end();
    }

    private static void startedAt(JsonWriter json, long millis) {
        if (millis == 0) {
            json.nothing();
        } else {
            json.text(Times.format(millis));
        }
    }

    private static void lastFailure(JsonWriter json, String failure) {
        if (failure.isEmpty()) {
            json.nothing();
        } else {
            json.text(failure);
        }
    }

    /** With every field, also those that were not given. */
    private static void specification(JsonWriter json, ProcessSpecification specification) {
        json.object().name("kind").text(specification.kind());
        json.name("arguments").json(specification.argumentsJson());
        json.name("restart").text(SpecificationBody.text(specification.restart()));
        json.name("restart_intensity").object();
        json.name("restarts").number(specification.restartsMax());
        json.name("within").text(duration(specification.withinMillis())).end();
        json.name("redundancy");
        if (specification.instances() == ProcessSpecification.EVERY_NODE) {
            json.text("every-node");
        } else {
            json.number(specification.instances());
        }
        json.name("placement").object().name("strategy").text("consistent-hash");
        json.name("labels").array();
        specification.labels().forEach(json::text);
        json.endArray().end();
        json.name("hand_over").bool(specification.handOver());
        json.name("start_timeout").text(duration(specification.startTimeoutMillis()));
        json.name("stop_timeout").text(duration(specification.stopTimeoutMillis()));
        json.name("tags").array();
        specification.tags().forEach(json::text);
        json.endArray();
        json.name("metadata").object();
        specification.metadata().forEach((name, value) -> json.member(name).text(value));
        json.end().end();
    }

    private static String duration(long millis) {
        return Durations.format(Duration.ofMillis(millis));
    }
}

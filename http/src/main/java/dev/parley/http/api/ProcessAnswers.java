package dev.parley.http.api;

import dev.parley.store.kv.Outcome;

/** What became of a command about processes, as an answer. {@link Outcomes} comes here. */
final class ProcessAnswers {
    private ProcessAnswers() {}

    static Answer answer(Outcome.ProcessDone done) {
        return switch (done) {
            case Outcome.ProcessStored(long revision, boolean created) ->
                Answer.json(created ? 201 : 200, revision(revision)).revision(revision);
            case Outcome.ProcessDeleted(long revision) -> Answer.of(204).revision(revision);
            case Outcome.ProcessSteered(long revision) ->
                Answer.json(202, revision(revision)).revision(revision);
        };
    }

    private static JsonWriter revision(long revision) {
        return new JsonWriter(32).object().name("revision").number(revision).end();
    }

    static Problem problem(Outcome.ProcessRefused refused) {
        return switch (refused) {
            case Outcome.ProcessNameTaken(String name) ->
                Problem.of(ProblemType.NAME_TAKEN, "Another process is registered as " + name + ".");
            case Outcome.ProcessUnknown(String name) -> ProcessResource.noSuchProcess(name);
            case Outcome.ProcessImmovable(String name, String why) ->
                Problem.of(ProblemType.PROCESS_IMMOVABLE, "Process " + name + " cannot be moved: " + why + ".");
        };
    }
}

package dev.parley.http.api;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code /internal}: for the other nodes of the cluster, which show its secret. */
final class InternalResource implements Resource {
    private final InternalAnswers answers;

    InternalResource(InternalAnswers answers) {
        this.answers = answers;
    }

    @Override
    public List<Route> routes() {
        return answers.paths().stream()
                .map(path -> Route.of(path, false).on("GET", (request, rest) -> answer(request, path)))
                .toList();
    }

    static void requireSecret(Request request, InternalAnswers answers) {
        if (!answers.admits(request.header(InternalAnswers.SECRET_HEADER))) {
            throw Problem.of(
                    ProblemType.WRONG_SECRET,
                    InternalAnswers.SECRET_HEADER,
                    "Below /internal the cluster's secret must be shown.");
        }
    }

    private Answer answer(Request request, String path) {
        requireSecret(request, answers);
        return Answer.of(200).body(Answer.JSON, answers.answer(path).getBytes(StandardCharsets.UTF_8));
    }
}

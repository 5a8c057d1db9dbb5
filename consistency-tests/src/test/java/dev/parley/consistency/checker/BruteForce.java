package dev.parley.consistency.checker;

import dev.parley.consistency.history.Operation;
import dev.parley.consistency.model.Model;
import dev.parley.consistency.model.Spec;
import java.util.ArrayList;
import java.util.List;

/** Tries every order of every choice of the doubtful operations. Slow, and plainly right. */
final class BruteForce {
    private BruteForce() {}

    static boolean linearizable(Model model, List<Operation> operations) {
        Spec spec = model.compile(operations, 1 << 24);
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < spec.operations().size(); i++) {
            left.add(i);
        }
        return extend(spec, spec.initial(), left);
    }

    private static boolean extend(Spec spec, int state, List<Integer> left) {
        if (left.stream().noneMatch(i -> spec.operations().get(i).ok())) {
            return true;
        }
        for (int i : left) {
            Operation candidate = spec.operations().get(i);
            boolean first = left.stream()
                    .map(spec.operations()::get)
                    .noneMatch(other -> other.completed() < candidate.invoked());
            int next = first ? spec.step(state, i) : Spec.ILLEGAL;
            if (next != Spec.ILLEGAL) {
                List<Integer> rest = new ArrayList<>(left);
                rest.remove((Integer) i);
                if (extend(spec, next, rest)) {
                    return true;
                }
            }
        }
        return false;
    }
}

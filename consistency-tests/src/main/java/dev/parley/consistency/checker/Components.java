package dev.parley.consistency.checker;

import dev.parley.consistency.checker.Dependencies.Kind;
import java.util.Arrays;
import java.util.Set;

/** The strongly connected components of a graph, by Tarjan, without recursion. */
final class Components {
    private Components() {}

    /** The number of each node's component, by way of edges of these kinds. */
    static int[] of(Dependencies graph, Set<Kind> kinds) {
        int n = graph.size();
        int[] component = new int[n];
        int[] index = new int[n];
        int[] low = new int[n];
        int[] edgeAt = new int[n];
        int[] stack = new int[n];
        int[] path = new int[n];
        boolean[] onStack = new boolean[n];
        Arrays.fill(index, -1);
        int counter = 0;
        int components = 0;
        int stacked = 0;
        for (int root = 0; root < n; root++) {
            if (index[root] >= 0) {
                continue;
            }
            int depth = 0;
            path[depth] = root;
            index[root] = low[root] = counter++;
            stack[stacked++] = root;
            onStack[root] = true;
            while (depth >= 0) {
                int node = path[depth];
                if (edgeAt[node] < graph.from(node).size()) {
                    Dependencies.Edge edge = graph.from(node).get(edgeAt[node]++);
                    if (!kinds.contains(edge.kind())) {
                        continue;
                    }
                    int to = edge.to();
                    if (index[to] < 0) {
                        index[to] = low[to] = counter++;
                        stack[stacked++] = to;
                        onStack[to] = true;
                        path[++depth] = to;
                    } else if (onStack[to]) {
                        low[node] = Math.min(low[node], index[to]);
                    }
                    continue;
                }
                if (low[node] == index[node]) {
                    int member;
                    do {
                        member = stack[--stacked];
                        onStack[member] = false;
                        component[member] = components;
                    } while (member != node);
                    components++;
                }
                depth--;
                if (depth >= 0) {
                    low[path[depth]] = Math.min(low[path[depth]], low[node]);
                }
            }
        }
        return component;
    }
}

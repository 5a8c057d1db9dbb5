package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;
import dev.parley.consistency.history.MalformedHistoryException;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Whether every look at all accounts of a bank shows the same total, and no account below zero. {@code read} gives an object of balances by account; the
 * operation {@code transfer} moves money between accounts and makes none.
 */
public final class Bank implements Checker {
    private final OptionalLong total;

    /** Takes the first read's total for the right one. */
    public Bank() {
        this.total = OptionalLong.empty();
    }

    public Bank(long total) {
        this.total = OptionalLong.of(total);
    }

    @Override
    public Verdict check(History history, Limits limits) {
        List<Finding> findings = new ArrayList<>();
        OptionalLong expected = total;
        long reads = 0;
        for (Operation read : Operations.pair(history)) {
            if (!read.f().equals("read") || !read.ok() || read.output().isNull()) {
                continue;
            }
            reads++;
            long sum = 0;
            for (Map.Entry<String, Json> account : balances(read).entrySet()) {
                long balance = account.getValue() instanceof Json.Int(long amount) ? amount : 0;
                sum += balance;
                if (account.getValue().isNull()) {
                    findings.add(new Finding(
                            "missing-account",
                            "",
                            "The read at line " + read.line() + " finds no account " + account.getKey() + ".",
                            read.line()));
                }
                if (balance < 0) {
                    findings.add(new Finding(
                            "negative",
                            "",
                            "The read at line " + read.line() + " finds " + balance + " in account " + account.getKey()
                                    + ".",
                            read.line()));
                }
            }
            if (expected.isPresent() && expected.getAsLong() != sum) {
                findings.add(new Finding(
                        "wrong-total",
                        "",
                        "Process " + read.process() + "'s read at line " + read.line() + " finds " + sum
                                + " in all accounts together, not " + expected.getAsLong()
                                + ": it saw half a transfer, or money was made or lost.",
                        read.line()));
            }
            expected = expected.isPresent() ? expected : OptionalLong.of(sum);
        }
        return Verdict.of(findings, Map.of("reads", Json.of(reads)));
    }

    private static Map<String, Json> balances(Operation read) {
        if (read.output() instanceof Json.Obj balances) {
            return balances.members();
        }
        throw new MalformedHistoryException(
                "line " + read.line() + ": the value of a read is an object of balances, not "
                        + read.output().text());
    }
}

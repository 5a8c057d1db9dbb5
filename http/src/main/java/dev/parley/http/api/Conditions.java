package dev.parley.http.api;

import dev.parley.store.kv.Command.Precondition;
import dev.parley.store.kv.Command.Precondition.Match;
import dev.parley.store.kv.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code If-Match} and {@code If-None-Match} after RFC 9110: lists, {@code *}, weak tags. {@code If-Match} compares
 * strongly, so a weak tag never matches there; {@code If-None-Match} compares weakly. A tag that is not one of ours
 * matches nothing.
 *
 * @param ifNoneMatch may hold 0, which long polls use for a missing key
 */
record Conditions(Match ifMatch, Match ifNoneMatch) {
    private static final Conditions NONE = new Conditions(new Match.Absent(), new Match.Absent());

    static Conditions of(Request request) {
        if (!request.hasHeader("If-Match") && !request.hasHeader("If-None-Match")) {
            return NONE;
        }
        return new Conditions(parse(request, "If-Match", false), parse(request, "If-None-Match", true));
    }

    /** For a write: a missing key has no revision, so 0 matches nothing. */
    Precondition forWrite() {
        return this == NONE ? Precondition.NONE : new Precondition(withoutZero(ifMatch), withoutZero(ifNoneMatch));
    }

    private static Match withoutZero(Match match) {
        return match instanceof Match.OneOf(List<Long> revisions)
                ? new Match.OneOf(
                        revisions.stream().filter(revision -> revision > 0).toList())
                : match;
    }

    /** @param modRevision 0 for a missing key */
    boolean failsIfMatch(long modRevision) {
        return !(ifMatch instanceof Match.Absent) && !holds(ifMatch, modRevision);
    }

    /** Whether the client has this state already. @param modRevision 0 for a missing key */
    boolean isKnown(long modRevision) {
        return ifNoneMatch instanceof Match.OneOf(List<Long> revisions) && revisions.contains(modRevision)
                || ifNoneMatch instanceof Match.Any && modRevision > 0;
    }

    boolean hasIfNoneMatch() {
        return !(ifNoneMatch instanceof Match.Absent);
    }

    private static boolean holds(Match match, long modRevision) {
        return switch (match) {
            case Match.Absent absent -> true;
            case Match.Any any -> modRevision > 0;
            case Match.OneOf(List<Long> revisions) -> modRevision > 0 && revisions.contains(modRevision);
        };
    }

    private static Match parse(Request request, String header, boolean weakly) {
        List<String> lines = request.headerLines(header);
        if (lines.isEmpty()) {
            return new Match.Absent();
        }
        String list = String.join(", ", lines).strip();
        return list.equals("*") ? new Match.Any() : new Match.OneOf(new Tags(header, list).parse(weakly));
    }

    /** Reads a list of entity tags. */
    private static final class Tags {
        private final String header;
        private final String list;
        private int at;

        Tags(String header, String list) {
            this.header = header;
            this.list = list;
        }

        List<Long> parse(boolean weakly) {
            List<Long> revisions = new ArrayList<>();
            int tags = 0;
            for (skipSeparators(); at < list.length(); skipSeparators()) {
                boolean weak = list.startsWith("W/", at);
                at += weak ? 2 : 0;
                String tag = opaque();
                if (weakly || !weak) {
                    revisionOf(tag).ifPresent(revisions::add);
                }
                if (++tags > Limits.TAGS_PER_CONDITION_MAX) {
                    throw malformed("has more than " + Limits.TAGS_PER_CONDITION_MAX + " tags");
                }
                expectEndOfElement();
            }
            if (tags == 0) {
                throw malformed("has no tag");
            }
            return revisions;
        }

        private static Optional<Long> revisionOf(String tag) {
            return Numbers.parse(tag);
        }

        private String opaque() {
            if (at >= list.length() || list.charAt(at) != '"') {
                throw malformed("needs quotes around a tag");
            }
            int start = ++at;
            while (at < list.length() && list.charAt(at) != '"') {
                char unit = list.charAt(at++);
                if (unit <= ' ' || unit == 0x7F) {
                    throw malformed("has a character that no tag may have");
                }
            }
            if (at >= list.length()) {
                throw malformed("has a tag without its closing quote");
            }
            return list.substring(start, at++);
        }

        private void expectEndOfElement() {
            while (at < list.length() && isBlank(list.charAt(at))) {
                at++;
            }
            if (at < list.length() && list.charAt(at) != ',') {
                throw malformed("needs a comma between tags");
            }
        }

        private void skipSeparators() {
            while (at < list.length() && (isBlank(list.charAt(at)) || list.charAt(at) == ',')) {
                at++;
            }
        }

        private static boolean isBlank(char unit) {
            return unit == ' ' || unit == '\t';
        }

        private Problem malformed(String why) {
            return Problem.header(header, header + " " + why + ".");
        }
    }
}

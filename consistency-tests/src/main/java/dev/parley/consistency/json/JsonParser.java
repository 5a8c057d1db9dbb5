package dev.parley.consistency.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads JSON (RFC 8259) from a string. Nesting is limited to {@value #MAX_DEPTH} levels; of two members with one name the last counts. */
public final class JsonParser {
    private static final int MAX_DEPTH = 200;
    private static final int MAX_NUMBER_LENGTH = 400;

    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,4})?");

    private final String text;
    private int at;

    private JsonParser(String text) {
        this.text = text;
    }

    /**
     * Parses exactly one value.
     *
     * @throws JsonSyntaxException when the text is anything else
     */
    public static Json parse(String text) {
        JsonParser parser = new JsonParser(text);
        Json value = parser.value(0);
        parser.blanks();
        if (parser.at < text.length()) {
            throw parser.expected("the end");
        }
        return value;
    }

    private Json value(int depth) {
        if (depth > MAX_DEPTH) {
            throw new JsonSyntaxException("nested deeper than " + MAX_DEPTH + " levels");
        }
        blanks();
        if (at == text.length()) {
            throw expected("a value");
        }
        char c = text.charAt(at);
        return switch (c) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> new Json.Text(string());
            case 't' -> word("true", new Json.Bool(true));
            case 'f' -> word("false", new Json.Bool(false));
            case 'n' -> word("null", Json.NULL);
            default -> number();
        };
    }

    private Json object(int depth) {
        at++;
        Map<String, Json> members = new LinkedHashMap<>();
        if (!next('}')) {
            do {
                blanks();
                if (at == text.length() || text.charAt(at) != '"') {
                    throw expected("a member name");
                }
                String name = string();
                if (!next(':')) {
                    throw expected("':'");
                }
                members.put(name, value(depth + 1));
            } while (next(','));
            if (!next('}')) {
                throw expected("',' or '}'");
            }
        }
        return new Json.Obj(Collections.unmodifiableMap(members));
    }

    private Json array(int depth) {
        at++;
        List<Json> items = new ArrayList<>();
        if (!next(']')) {
            do {
                items.add(value(depth + 1));
            } while (next(','));
            if (!next(']')) {
                throw expected("',' or ']'");
            }
        }
        return new Json.Array(items);
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return out.toString();
            }
            if (c < ' ') {
                throw expected("an escaped control character");
            }
            out.append(c == '\\' ? escape() : c);
        }
        throw expected("'\"'");
    }

    private char escape() {
        at++;
        if (at == text.length()) {
            throw expected("an escape");
        }
        return switch (text.charAt(at)) {
            case '"' -> '"';
            case '\\' -> '\\';
            case '/' -> '/';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw expected("an escape");
        };
    }

    private char unicode() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            at++;
            int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0) {
                throw expected("four hexadecimal digits");
            }
            code = code * 16 + digit;
        }
        return (char) code;
    }

    private Json number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(start, at);
        if (digits.length() > MAX_NUMBER_LENGTH || !NUMBER.matcher(digits).matches()) {
            at = start;
            throw expected("a value");
        }
        return Json.number(new BigDecimal(digits));
    }

    private Json word(String word, Json value) {
        if (!text.startsWith(word, at)) {
            throw expected("a value");
        }
        at += word.length();
        return value;
    }

    private boolean next(char c) {
        blanks();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void blanks() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private JsonSyntaxException expected(String what) {
        return new JsonSyntaxException("expected " + what + " at character " + (at + 1));
    }
}

package dev.usageledger.api.http.request;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One thing that is wrong with a request.
 *
 * @param in the part of the request that it is in
 * @param pointer a JSON pointer into the body, or {@code /} and the name of the parameter or header
 * @param detail what it has to be, in plain words
 */
public record Fault(Part in, String pointer, String detail) {
    private static final int LONGEST = 300;
    private static final Pattern NAMED = Pattern.compile("([a-zA-Z.]+) (must .*)", Pattern.DOTALL);

    public Fault {
        pointer = Text.printable(pointer, LONGEST);
        detail = Text.printable(withoutName(detail), LONGEST);
    }

    /** What a constructor of the domain says: the field's name, then what it must be. */
    static Fault of(Part part, IllegalArgumentException refusal) {
        Matcher message = NAMED.matcher(String.valueOf(refusal.getMessage()));
        return message.matches()
                ? new Fault(part, "/" + message.group(1).replace('.', '/'), message.group())
                : new Fault(part, "", String.valueOf(refusal.getMessage()));
    }

    // The pointer names the field already.
    private static String withoutName(String detail) {
        Matcher message = NAMED.matcher(detail);
        return message.matches() ? message.group(2) : detail;
    }

    /** Where in a request something can be wrong. */
    public enum Part {
        BODY("body"),
        PATH("path"),
        QUERY("query"),
        HEADER("header");

        private final String word;

        Part(String word) {
            this.word = word;
        }

        @JsonValue
        public String word() {
            return word;
        }
    }
}

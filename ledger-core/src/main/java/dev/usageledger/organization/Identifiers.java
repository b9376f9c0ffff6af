package dev.usageledger.organization;

import java.util.regex.Pattern;

/** What a caller's identifier may look like: 1 to 128 of {@code A-Z a-z 0-9 . _ : -}, and not only dots. */
final class Identifiers {
    // Only dots would be read as "this folder" or "the parent" wherever an identifier becomes part of a path.
    private static final Pattern VALID = Pattern.compile("(?!\\.+$)[A-Za-z0-9._:-]{1,128}");

    private Identifiers() {}

    static void require(String name, String value) {
        if (!VALID.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    name + " must be 1 to 128 of A-Z a-z 0-9 . _ : - and not only dots: " + shown(value));
        }
    }

    private static String shown(String value) {
        return value.length() <= 40 ? '"' + value + '"' : value.length() + " characters";
    }
}

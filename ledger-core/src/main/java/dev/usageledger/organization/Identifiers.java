package dev.usageledger.organization;

/** What a caller's identifier may look like: 1 to 128 of {@code A-Z a-z 0-9 . _ : -}, and not only dots. */
final class Identifiers {
    private static final int MOST_CHARACTERS = 128;

    private Identifiers() {}

    static void require(String name, String value) {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    name + " must be 1 to 128 of A-Z a-z 0-9 . _ : - and not only dots: " + shown(value));
        }
    }

    /** A loop and not a pattern, because every command and event comes through here several times. */
    private static boolean isValid(String value) {
        // Only dots would be read as "this folder" or "the parent" wherever an identifier becomes part of a path.
        boolean onlyDots = true;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (!isAllowed(c)) {
                return false;
            }
            onlyDots &= c == '.';
        }
        return !onlyDots && value.length() <= MOST_CHARACTERS;
    }

    private static boolean isAllowed(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == ':'
                || c == '-';
    }

    private static String shown(String value) {
        return value.length() <= 40 ? '"' + value + '"' : value.length() + " characters";
    }
}

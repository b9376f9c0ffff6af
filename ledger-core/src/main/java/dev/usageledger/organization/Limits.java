package dev.usageledger.organization;

import java.time.Duration;

/** The bounds that commands are held to; each message names the field and what it may be. */
final class Limits {
    private Limits() {}

    static void requireAtMost(String name, Minutes minutes, Minutes most) {
        if (minutes.exceeds(most)) {
            throw new IllegalArgumentException(name + " must be at most " + most + ": " + minutes);
        }
    }

    /** Something is moved: at least one minute, at most {@link Minutes#MOST_PER_COMMAND}. */
    static void requireMovable(String name, Minutes minutes) {
        if (minutes.isZero()) {
            throw new IllegalArgumentException(name + " must be at least 1: 0");
        }
        requireAtMost(name, minutes, Minutes.MOST_PER_COMMAND);
    }

    static void requireWithin(String name, Duration duration, Duration least, Duration most) {
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " must be from " + least + " to " + most + ": " + duration);
        }
    }

    static void requireText(String name, String text, int mostCharacters) {
        if (text.isBlank() || text.length() > mostCharacters) {
            throw new IllegalArgumentException(name + " must be 1 to " + mostCharacters + " characters");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(name + " must not contain control characters");
        }
        // Half a pair has no form in UTF-8, so such a text could be accepted but never written down.
        if (text.codePoints().anyMatch(Limits::isSurrogate)) {
            throw new IllegalArgumentException(name + " must not contain half of a surrogate pair");
        }
    }

    private static boolean isSurrogate(int codePoint) {
        return Character.MIN_SURROGATE <= codePoint && codePoint <= Character.MAX_SURROGATE;
    }
}

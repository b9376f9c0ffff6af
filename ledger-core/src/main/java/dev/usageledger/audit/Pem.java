package dev.usageledger.audit;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys as text. */
final class Pem {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Pem() {}

    static String of(String label, byte[] content) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(label, new String(LINES.encode(content), StandardCharsets.US_ASCII), label);
    }

    /** @throws IllegalArgumentException when there is no block of this label in {@code pem} */
    static byte[] bytes(String label, String pem) {
        Matcher block = Pattern.compile("-----BEGIN %s-----([^-]*)-----END".formatted(label))
                .matcher(pem);
        if (!block.find()) {
            throw new IllegalArgumentException(
                    "there is no %s in PEM".formatted(label.toLowerCase(java.util.Locale.ROOT)));
        }
        return Base64.getMimeDecoder().decode(block.group(1));
    }
}

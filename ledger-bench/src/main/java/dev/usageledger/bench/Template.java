package dev.usageledger.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;

/** An HTTP request whose numbers are written over in place. */
final class Template {
    private final String text;
    private final byte[] bytes;
    private final int bodyAt;
    private final ByteBuffer buffer;

    Template(String method, String path, String contentType, String body) {
        String head = """
                %s %s HTTP/1.1
                Host: 127.0.0.1
                Authorization: Bearer %s
                Content-Type: %s
                Content-Length: %d

                """.formatted(method, path, Service.API_KEY, contentType, body.length())
                .replace("\n", "\r\n");
        this.text = head + body;
        this.bytes = text.getBytes(ISO_8859_1);
        this.bodyAt = head.length();
        this.buffer = ByteBuffer.wrap(bytes);
    }

    /** Where {@code wanted} first was at or after {@code from}, before anything was written over. */
    int find(String wanted, int from) {
        return text.indexOf(wanted, from);
    }

    int bodyAt() {
        return bodyAt;
    }

    /** Writes {@code number} in so many digits. */
    void put(int at, int digits, long number) {
        long rest = number;
        for (int place = at + digits - 1; place >= at; place--) {
            bytes[place] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    ByteBuffer buffer() {
        return buffer.clear();
    }
}

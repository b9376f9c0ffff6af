package dev.usageledger.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import org.junit.jupiter.api.Test;

class ReplyTest {
    private static final String OF_KNOWN_LENGTH = """
            HTTP/1.1 402 \r
            content-type: application/problem+json\r
            Content-Length: 11\r
            \r
            {"a":"abc"}""";
    private static final String IN_CHUNKS = """
            HTTP/1.1 200 \r
            Transfer-Encoding: chunked\r
            Connection: close\r
            \r
            5\r
            {"a":\r
            A\r
            "a", "b":1\r
            1\r
            }\r
            0\r
            \r
            """;

    private final Reply reply = new Reply();

    @Test
    void an_answer_of_known_length_is_read_in_pieces_of_any_size() throws IOException {
        for (int size = 1; size <= OF_KNOWN_LENGTH.length(); size++) {
            read(OF_KNOWN_LENGTH, size);

            assertThat(reply).hasToString("402 {\"a\":\"abc\"}");
            assertThat(reply.isLastOfConnection()).isFalse();
        }
    }

    @Test
    void an_answer_in_chunks_is_put_together() throws IOException {
        for (int size = 1; size <= IN_CHUNKS.length(); size++) {
            read(IN_CHUNKS, size);

            assertThat(reply).hasToString("200 {\"a\":\"a\", \"b\":1}");
            assertThat(reply.endsWith(bytes("\"b\":1}"))).isTrue();
            assertThat(reply.endsWith(bytes("\"b\":1"))).isFalse();
            assertThat(reply.count(bytes("\"a\""))).isEqualTo(2);
            assertThat(reply.isLastOfConnection()).isTrue();
        }
    }

    @Test
    void an_answer_that_breaks_off_is_a_fault() {
        assertThatThrownBy(() -> read(IN_CHUNKS.substring(0, IN_CHUNKS.length() - 4), 7))
                .isInstanceOf(IOException.class);
    }

    private void read(String text, int pieces) throws IOException {
        reply.reset();
        ReadableByteChannel channel = Channels.newChannel(new ByteArrayInputStream(bytes(text)) {
            @Override
            public int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, pieces));
            }
        });
        assertThat(reply.readFrom(channel)).isTrue();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }
}

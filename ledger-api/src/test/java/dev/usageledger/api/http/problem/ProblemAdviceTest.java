package dev.usageledger.api.http.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.catalina.connector.ClientAbortException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

@ExtendWith(OutputCaptureExtension.class)
class ProblemAdviceTest {
    private final ProblemAdvice advice = new ProblemAdvice();

    @Test
    void a_caller_that_hangs_up_in_the_middle_of_an_answer_is_no_mistake_of_ours(CapturedOutput output) {
        IOException hungUp = new ClientAbortException(new IOException("Broken pipe"));
        var unwritten = new HttpMessageNotWritableException(
                "Could not write JSON", new AsyncRequestNotUsableException("failed to write", hungUp));

        assertThat(advice.unwritten(unwritten)).isNull();

        assertThat(output).doesNotContain("Answered 500");
    }

    @Test
    void an_answer_that_cannot_be_written_as_json_is_one(CapturedOutput output) {
        var unwritten = new HttpMessageNotWritableException("no serializer", new IllegalStateException("found"));

        assertThat(advice.unwritten(unwritten))
                .extracting(ResponseEntity::getStatusCode)
                .hasToString("500 INTERNAL_SERVER_ERROR");

        assertThat(output).contains("Answered 500");
    }
}

package dev.usageledger.api.http.transcriptions;

import dev.usageledger.api.http.ListAnswer;
import dev.usageledger.api.http.Lists;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.projections.transcriptions.TranscriptionQuery;
import dev.usageledger.projections.transcriptions.TranscriptionRow;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The transcriptions of an organization. */
@RestController
class TranscriptionList {
    private final Lists lists;
    private final TranscriptionQuery transcriptions;

    TranscriptionList(Lists lists, TranscriptionQuery transcriptions) {
        this.lists = lists;
        this.transcriptions = transcriptions;
    }

    @GetMapping(path = "/v1/organizations/{organizationId}/transcriptions", produces = "application/json")
    ListAnswer<TranscriptionRow> list(Request request) {
        return lists.ofOrganization(request, transcriptions::newestFirst);
    }
}

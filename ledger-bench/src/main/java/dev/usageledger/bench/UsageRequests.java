package dev.usageledger.bench;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** {@code GET …/usage} of one organization after the other. */
final class UsageRequests implements Requests {
    private final Load load;
    private final SplittableRandom random;
    private final Template template;
    private final int organizationAt;

    UsageRequests(Load load, int client) {
        String organization = load.shape().organization(0);
        this.load = load;
        this.random = new SplittableRandom(client);
        this.template =
                new Template("GET", "/v1/organizations/%s/usage".formatted(organization), "application/json", "");
        this.organizationAt =
                template.find(organization, 0) + organization.length() - RecordRequests.ORGANIZATION_DIGITS;
    }

    @Override
    public ByteBuffer request(long number) {
        template.put(organizationAt, RecordRequests.ORGANIZATION_DIGITS, random.nextInt(load.organizations()));
        return template.buffer();
    }

    @Override
    public boolean isAcknowledgedBy(Reply reply) {
        return reply.status() == 200;
    }
}

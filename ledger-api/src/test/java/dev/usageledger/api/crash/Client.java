package dev.usageledger.api.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.api.crash.Caller.Reply;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** One of many callers at once: uploads, purchases, corrections, and much that is sent more than once. */
final class Client implements Callable<Void> {
    private static final int HOT = 2;

    private final String name;
    private final Random random;
    private final List<Customer> customers;
    private final Map<String, Customer> byId;
    private final Caller caller;
    private final Books books;
    private final BooleanSupplier goesOn;
    private int ids;

    Client(String name, long seed, List<Customer> customers, Caller caller, Books books, BooleanSupplier goesOn) {
        this.name = name;
        this.random = new Random(seed);
        this.customers = customers;
        this.byId = customers.stream().collect(Collectors.toMap(Customer::id, Function.identity()));
        this.caller = caller;
        this.books = books;
        this.goesOn = goesOn;
    }

    /** Opens the ledgers of all these customers. */
    static void open(List<Customer> customers, Caller caller, Books books) throws InterruptedException {
        // Ten days into a period, so that none ends during the test.
        String anchor = LocalDateTime.now(ZoneOffset.UTC)
                .minusDays(10)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        for (Customer customer : customers) {
            Command command = Command.open(customer.id(), customer.plan(), anchor);
            books.note(command, caller.send(command));
        }
    }

    @Override
    public Void call() throws Exception {
        while (goesOn.getAsBoolean()) {
            act(customers.get(random.nextInt(random.nextBoolean() ? HOT : customers.size())));
            Thread.sleep(random.nextInt(5));
        }
        return null;
    }

    private void act(Customer customer) throws Exception {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5, 6 -> upload(customer);
            case 7, 8, 9, 10 -> use(customer);
            case 11, 12 -> send(Command.purchase(customer.id(), id(), 1 + random.nextInt(60)));
            case 13 -> refund();
            case 14, 15 -> correct();
            case 16 -> contradict();
            case 17 -> repeat();
            case 18 -> useInBulk();
            default -> look(customer);
        }
    }

    private void upload(Customer customer) throws Exception {
        String reservation = id();
        long minutes = 1 + random.nextInt(30);
        // A hold that ends by itself under load, unless its minutes must be there when they are used.
        String ttl = random.nextInt(4) == 0 && !customer.holdsFirst() ? "PT2S" : "PT20H";
        if (!send(Command.reserve(customer.id(), reservation, minutes, ttl))) {
            return;
        }
        Thread.sleep(random.nextInt(30));
        switch (random.nextInt(10)) {
            case 0 -> send(Command.release(customer.id(), reservation));
            case 1 -> {}
            default -> send(Command.settle(customer.id(), id(), random.nextLong(minutes + 1), reservation));
        }
    }

    private void use(Customer customer) throws Exception {
        if (customer.holdsFirst()) {
            upload(customer);
        } else {
            send(Command.record(customer.id(), id(), random.nextInt(40)));
        }
    }

    private void correct() throws Exception {
        var wrong = books.any("transcription-recorded", random);
        if (wrong.isPresent()) {
            String customer = wrong.get().organization();
            long minutes = byId.get(customer).holdsFirst() ? 0 : random.nextInt(40);
            send(Command.correct(customer, id(), wrong.get().id(), minutes));
        }
    }

    private void refund() throws Exception {
        var purchase = books.any("overage-purchased", random);
        if (purchase.isPresent() && !byId.get(purchase.get().organization()).holdsFirst()) {
            send(Command.refund(
                    purchase.get().organization(), id(), purchase.get().id(), 1 + random.nextInt(10)));
        }
    }

    /** Says something else under an identifier that the ledger has acknowledged. */
    private void contradict() throws InterruptedException {
        var said = books.any("overage-purchased", random);
        if (said.isPresent()) {
            Reply reply = caller.send(
                    Command.purchase(said.get().organization(), said.get().id(), 1_000));
            assertThat(reply.code()).as("%s", reply.json()).isEqualTo("idempotency-conflict");
        }
    }

    private void repeat() throws InterruptedException {
        var said = books.any(random.nextBoolean() ? "transcription-recorded" : "minutes-reserved", random);
        if (said.isPresent()) {
            repeat(said.get());
        }
    }

    private void repeat(Command said) throws InterruptedException {
        Reply reply = caller.send(said);
        assertThat(reply.json().at("/replayed").booleanValue())
                .as("%s sent again: %s", said, reply.json())
                .isTrue();
        books.note(said, reply);
    }

    /** Records usage of any customers in one batch; what it came to, each by itself tells when it is sent again. */
    private void useInBulk() throws InterruptedException {
        List<Customer> any =
                customers.stream().filter(customer -> !customer.holdsFirst()).toList();
        List<Command> recordings = random.ints(1 + random.nextInt(10), 0, any.size())
                .mapToObj(customer -> Command.record(any.get(customer).id(), id(), random.nextInt(40)))
                .toList();
        List<Command> left = recordings;
        while (!left.isEmpty()) {
            left = toldToComeAgain(left, caller.sendTogether(left));
        }
        for (Command recording : recordings) {
            repeat(recording);
        }
    }

    private static List<Command> toldToComeAgain(List<Command> sent, Reply answer) {
        assertThat(answer.status()).as("%s", answer.json()).isEqualTo(200);
        List<Command> again = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            JsonNode event = answer.json().at("/events/" + i);
            String status = event.at("/status").asString();
            assertThat(status).as("%s", event).isIn("accepted", "duplicate", "rejected");
            if (status.equals("rejected")) {
                assertThat(event.at("/problem/code").asString()).as("%s", event).isEqualTo("overloaded");
                again.add(sent.get(i));
            }
        }
        return again;
    }

    /** What was acknowledged before can be read from then on. */
    private void look(Customer customer) throws InterruptedException {
        long acknowledged = books.position(customer.id());
        Reply usage = caller.get("/v1/organizations/" + customer.id() + "/usage");
        assertThat(usage.json().at("/position").longValue())
                .as("%s", usage.json())
                .isGreaterThanOrEqualTo(acknowledged);
    }

    /** Sends a command, now and then twice at once; tells whether it is in the ledger now. */
    private boolean send(Command command) throws InterruptedException, ExecutionException {
        if (random.nextInt(10) == 0) {
            FutureTask<Reply> twin = new FutureTask<>(() -> caller.send(command));
            Thread.startVirtualThread(twin);
            books.note(command, caller.send(command));
            books.note(command, twin.get());
        } else {
            books.note(command, caller.send(command));
        }
        return books.has(command);
    }

    private String id() {
        return name + "-" + ids++;
    }
}

package dev.usageledger.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Clients of an HTTP server, each with a connection of its own that it keeps. One thread serves them all, so that they
 * leave the machine to what is measured.
 */
final class HttpClients {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final InetSocketAddress server;
    private final Tally tally;
    private final Selector selector;
    private int busy;

    private HttpClients(InetSocketAddress server, Tally tally, Selector selector) {
        this.server = server;
        this.tally = tally;
        this.selector = selector;
    }

    static Tally run(Load load, InetSocketAddress server, IntFunction<Requests> requests) throws IOException {
        List<Client> clients = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            HttpClients all = new HttpClients(server, new Tally(load), selector);
            for (int number = 0; number < load.clients(); number++) {
                clients.add(all.new Client(number, requests.apply(number)));
            }
            all.work();
            return all.tally;
        } finally {
            for (Client client : clients) {
                client.channel.close();
            }
        }
    }

    private void work() throws IOException {
        while (busy > 0) {
            int answering = selector.select(key -> ((Client) key.attachment()).proceed(key), PATIENCE.toMillis());
            if (answering == 0) {
                throw new BenchmarkFailedException("no answer for " + PATIENCE.toSeconds() + " s");
            }
        }
    }

    private final class Client {
        private final int number;
        private final Requests requests;
        private final Reply reply = new Reply();
        private SocketChannel channel;
        private ByteBuffer request;
        private long sent;
        private long sentAt;

        Client(int number, Requests requests) throws IOException {
            this.number = number;
            this.requests = requests;
            this.channel = connect();
            this.request = next();
            busy++;
        }

        private SocketChannel connect() throws IOException {
            SocketChannel connected = SocketChannel.open(server);
            connected.setOption(StandardSocketOptions.TCP_NODELAY, true);
            connected.configureBlocking(false);
            connected.register(selector, SelectionKey.OP_WRITE, this);
            return connected;
        }

        private ByteBuffer next() {
            reply.reset();
            sentAt = System.nanoTime();
            return requests.request(sent++);
        }

        void proceed(SelectionKey key) {
            try {
                if (request.hasRemaining()) {
                    write(key);
                } else if (reply.readFrom(channel)) {
                    answered(key);
                }
            } catch (IOException e) {
                throw new BenchmarkFailedException("client %d after %d requests: %s".formatted(number, sent, e), e);
            }
        }

        private void write(SelectionKey key) throws IOException {
            channel.write(request);
            key.interestOps(request.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }

        private void answered(SelectionKey key) throws IOException {
            if (!requests.isAcknowledgedBy(reply)) {
                throw new BenchmarkFailedException("not acknowledged: " + reply);
            }
            tally.acknowledged(number, sentAt);
            if (tally.isOver()) {
                key.cancel();
                busy--;
                return;
            }
            boolean isLast = reply.isLastOfConnection();
            request = next();
            if (isLast) {
                channel.close();
                channel = connect();
            } else {
                write(key);
            }
        }
    }
}

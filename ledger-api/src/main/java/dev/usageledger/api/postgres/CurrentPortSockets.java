package dev.usageledger.api.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.SocketFactory;

/**
 * Sockets to the embedded server on the port that it has by now, whatever the JDBC URL says: another program may take
 * the port of a server that has crashed before it is back, and a pool of connections cannot be told another URL.
 *
 * <p>Made by the JDBC driver, by its name.
 */
public final class CurrentPortSockets extends SocketFactory {
    private final Path portFile;

    /** @param portFile holds the port that the server has */
    public CurrentPortSockets(String portFile) {
        this.portFile = Path.of(portFile);
    }

    @Override
    public Socket createSocket() {
        return new Socket() {
            @Override
            public void connect(SocketAddress named, int timeout) throws IOException {
                super.connect(new InetSocketAddress(((InetSocketAddress) named).getAddress(), currentPort()), timeout);
            }
        };
    }

    private int currentPort() throws IOException {
        return Integer.parseInt(Files.readString(portFile).strip());
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw connectsLater();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw connectsLater();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw connectsLater();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw connectsLater();
    }

    private static UnsupportedOperationException connectsLater() {
        return new UnsupportedOperationException("the driver makes a socket first and connects it then");
    }
}

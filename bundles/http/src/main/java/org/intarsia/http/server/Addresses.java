package org.intarsia.http.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.intarsia.text.Quoted;

/** The names and addresses of a server. */
final class Addresses {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private Addresses() {
    }

    /** Tells whether only this machine reaches an address. */
    static boolean isLoopback(String host) throws ServerException {
        return resolve(host).isLoopbackAddress();
    }

    /**
     * Looks for a port that nobody listens on.
     *
     * @param port the one that is wished for; 0 for any
     * @return a port that was free a moment ago
     * @throws ServerException when it is in use, or the address is not one of this machine
     */
    static int freePort(String host, int port) throws ServerException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(resolve(host), port));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new ServerException("cannot listen on port " + port + " of " + Quoted.of(host) + " (" + e.getMessage()
                    + "); choose another with --port, or 0 for any that is free");
        }
    }

    private static InetAddress resolve(String host) throws ServerException {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new ServerException("there is no address " + Quoted.of(host) + "; name one of this machine with --host, such as 127.0.0.1");
        }
    }

    /** Returns the host of a {@code Host} header, in small letters, without its port. */
    static String hostOf(String header) {
        String host = header.strip().toLowerCase(Locale.ROOT);
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
        return end <= 0 ? host : host.substring(0, end);
    }

    /** Tells whether a host is a number, or a name that always means this machine: no DNS server can turn these elsewhere. */
    static boolean isFixed(String host) {
        return host.equals("localhost") || host.endsWith(".localhost") || IPV4.matcher(host).matches() || host.startsWith("[");
    }
}

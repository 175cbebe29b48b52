package org.intarsia.remote.wire;

import org.intarsia.remote.api.HostException;
import org.intarsia.text.Quoted;

/**
 * The address of a host.
 *
 * @param host a name or an address; one of IPv6 without brackets
 * @param port 1 to 65535
 */
public record HostAddress(String host, int port) {
    /** The port that hosts listen on where none is given. */
    public static final int USUAL_PORT = 7420;
    private static final int MOST_PORT = 65_535;

    /**
     * Reads {@code HOST}, {@code HOST:PORT}, or {@code [IPv6]:PORT}.
     *
     * @throws HostException when it is no such address
     */
    public static HostAddress parse(String text) {
        int bracket = text.lastIndexOf(']');
        int colon = text.indexOf(':', bracket + 1);
        String host = (colon < 0 ? text : text.substring(0, colon)).replaceFirst("^\\[(.*)]$", "$1");
        try {
            int port = colon < 0 ? USUAL_PORT : Integer.parseInt(text.substring(colon + 1));
            if (!host.isBlank() && port >= 1 && port <= MOST_PORT) {
                return new HostAddress(host, port);
            }
        } catch (NumberFormatException e) {
            throw wrong(text);
        }
        throw wrong(text);
    }

    private static HostException wrong(String text) {
        return new HostException("an address is HOST or HOST:PORT, such as 10.0.0.2:" + USUAL_PORT + ", not " + Quoted.of(text));
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}

package org.intarsia.remote.wire;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;
import org.intarsia.remote.api.HostException;
import org.intarsia.text.Quoted;

/**
 * Decides who may connect. Either both sides show a certificate of one authority (mutual TLS), or the client sends a token over
 * TLS. Neither is there without a certificate of the server.
 *
 * @param plain       whether nothing is encrypted; on loopback alone
 * @param certificate a PEM file: the chain that this side shows
 * @param key         a PEM file: its private key, PKCS #8, not encrypted
 * @param authority   a PEM file: the certificates that those of others must be signed by
 * @param token       the token that clients send; nothing for mutual TLS
 */
public record WireSecurity(boolean plain, Optional<Path> certificate, Optional<Path> key, Optional<Path> authority,
        Optional<String> token) {
    static final Metadata.Key<String> TOKEN = Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String SCHEME = "Bearer ";

    /**
     * Refuses settings under which strangers could connect or listen.
     *
     * @param host   the address to listen on, or to connect to
     * @param serves whether this side listens
     * @throws HostException with what is missing
     */
    void check(String host, boolean serves) {
        if (plain) {
            if (!isLoopback(host)) {
                throw new HostException("plain text is for loopback alone, and " + Quoted.of(host) + " is another address; "
                        + "set certificate, key and authority, and take plain away");
            }
            return;
        }
        if (serves && (certificate.isEmpty() || key.isEmpty() || token.isEmpty() && authority.isEmpty())) {
            throw new HostException("hosts need to know each other: set certificate and key, and either authority for mutual TLS "
                    + "or a token, in org.intarsia.remote.cfg");
        }
        if (!serves && (authority.isEmpty() || token.isEmpty() && (certificate.isEmpty() || key.isEmpty()))) {
            throw new HostException("hosts need to know each other: set authority, and either certificate and key for mutual TLS "
                    + "or a token, in org.intarsia.remote.cfg");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new HostException("there is no address " + Quoted.of(host) + "; check the name", e);
        }
    }

    /** Tells whether the token that a client has sent is the right one, in a time that does not depend on it. */
    boolean accepts(String sent) {
        return token.isEmpty() || sent != null && MessageDigest.isEqual((SCHEME + token.get()).getBytes(StandardCharsets.UTF_8),
                sent.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the TLS of a server; nothing for plain text. */
    Optional<SslContext> server() {
        if (plain) {
            return Optional.empty();
        }
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(certificate.orElseThrow().toFile(), key.orElseThrow().toFile());
            if (token.isEmpty()) {
                builder.trustManager(authority.orElseThrow().toFile()).clientAuth(ClientAuth.REQUIRE);
            }
            return Optional.of(GrpcSslContexts.configure(builder, SslProvider.JDK).build());
        } catch (SSLException | IllegalArgumentException e) {
            throw unreadable(e);
        }
    }

    /** Returns the TLS of a client; nothing for plain text. */
    Optional<SslContext> client() {
        if (plain) {
            return Optional.empty();
        }
        try {
            SslContextBuilder builder = SslContextBuilder.forClient().trustManager(authority.orElseThrow().toFile());
            if (certificate.isPresent() && key.isPresent()) {
                builder.keyManager(certificate.get().toFile(), key.get().toFile());
            }
            return Optional.of(GrpcSslContexts.configure(builder, SslProvider.JDK).build());
        } catch (SSLException | IllegalArgumentException e) {
            throw unreadable(e);
        }
    }

    private HostException unreadable(Exception cause) {
        return new HostException("a certificate or key cannot be read; certificate, key and authority must be PEM files, the key "
                + "in PKCS #8 without a password: " + certificate.map(Path::toString).orElse("no certificate") + ", "
                + key.map(Path::toString).orElse("no key") + ", " + authority.map(Path::toString).orElse("no authority"), cause);
    }

    /** Adds the token to each call; nothing where there is none. */
    Optional<CallCredentials> credentials() {
        return token.map(secret -> new CallCredentials() {
            @Override
            public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
                Metadata headers = new Metadata();
                headers.put(TOKEN, SCHEME + secret);
                applier.apply(headers);
            }
        });
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return plain ? "plain text" : token.isPresent() ? "a token over TLS" : "mutual TLS";
    }
}

package org.intarsia.http.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.intarsia.io.Sha256;

/** The token that clients have to send. Only its hash is kept, and the time of a comparison tells nothing about it. */
final class Token {
    private static final String SCHEME = "Bearer ";

    private final byte[] hash;

    Token(String token) {
        this.hash = hash(token);
    }

    /** Tells whether a header {@code Authorization} holds the token; null where there is no such header. */
    boolean isIn(String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(hash, hash(authorization.substring(SCHEME.length()).strip()));
    }

    private static byte[] hash(String text) {
        return Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
    }
}

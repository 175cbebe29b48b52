package org.intarsia.weights;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.intarsia.io.Sha256;

/** SHA-256 over tensors: for each, its name, a zero byte, its type, a zero byte, its content. */
final class ContentHash {
    /** A byte buffer cannot be longer than 2 GiB; shorter pieces cost nothing. */
    private static final long PIECE = 1 << 24;

    private final MessageDigest digest = Sha256.digest();

    void add(Tensor tensor) {
        add(tensor.name(), tensor.type().toString(), tensor.content());
    }

    void add(String name, String type, MemorySegment content) {
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(type.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        for (long from = 0; from < content.byteSize(); from += PIECE) {
            digest.update(content.asSlice(from, Math.min(PIECE, content.byteSize() - from)).asByteBuffer());
        }
    }

    String hexadecimal() {
        return Sha256.hexadecimal(digest);
    }
}

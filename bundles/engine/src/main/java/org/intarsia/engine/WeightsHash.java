package org.intarsia.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Tells weights apart, as {@link org.intarsia.engine.api.Origin#weights} describes it. */
final class WeightsHash {
    private static final long ALL = 1L << 30;
    private static final int SAMPLES = 1024;
    private static final int PIECE = 1 << 18;

    private WeightsHash() {
    }

    static String of(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> weights = files.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
            long bytes = 0;
            for (Path file : weights) {
                bytes += Files.size(file);
            }
            return bytes <= ALL ? "sha256:" + hash(weights, 1) : "sha256-samples:" + hash(weights, bytes / PIECE / SAMPLES);
        } catch (IOException e) {
            throw new UncheckedIOException("the weights in " + directory + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** @param every one piece of so many is taken; each file's first is, which holds the names and shapes */
    private static String hash(List<Path> files, long every) throws IOException {
        MessageDigest digest = sha256();
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        for (Path file : files) {
            try (FileChannel channel = FileChannel.open(file)) {
                for (long place = 0; place < channel.size(); place += every * PIECE) {
                    piece.clear();
                    while (piece.hasRemaining() && channel.read(piece, place + piece.position()) > 0) {
                        continue;
                    }
                    digest.update(piece.flip());
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

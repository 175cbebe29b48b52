package org.intarsia.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Tokenizer;

/**
 * A tokenizer of the native library. Its calls may run side by side; only closing waits until they are over, because a
 * released handle would bring the process down.
 */
final class NativeTokenizer implements Tokenizer {
    private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;
    /** What the library gives for bytes that are no character. */
    private static final char REPLACEMENT = '\uFFFD';

    private final String origin;
    private final Vocabulary vocabulary;
    private final long handle;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    /**
     * @param origin where it comes from, for messages
     * @param handle an open tokenizer, which this now owns
     */
    NativeTokenizer(String origin, long handle, Vocabulary vocabulary) {
        this.origin = origin;
        this.handle = handle;
        this.vocabulary = vocabulary;
    }

    @Override
    public int[] encode(String text, boolean special) {
        String clean = withoutLoneSurrogates(text);
        return whileOpen(open -> {
            long encoding = LIBRARY.encode(open, clean, special);
            try {
                return Arrays.stream(LIBRARY.getTokenIds(encoding)).mapToInt(Math::toIntExact).toArray();
            } finally {
                LIBRARY.deleteEncoding(encoding);
            }
        });
    }

    @Override
    public String decode(int[] ids, boolean special) {
        long[] wide = Arrays.stream(ids).asLongStream().toArray();
        return whileOpen(open -> LIBRARY.decode(open, wide, !special));
    }

    @Override
    public OptionalInt id(String token) {
        return vocabulary.id(token);
    }

    @Override
    public String token(int id) {
        return vocabulary.token(id);
    }

    /** The library decodes to whole characters only, so the bytes of a part of one are read from its spelling. */
    @Override
    public byte[] bytes(int id) {
        String text = decode(new int[] {id}, true);
        Optional<byte[]> part = text.indexOf(REPLACEMENT) < 0 ? Optional.empty() : SpelledBytes.of(token(id));
        return part.orElseGet(() -> text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int size() {
        return vocabulary.size();
    }

    @Override
    public void close() {
        Lock exclusive = lock.writeLock();
        exclusive.lock();
        try {
            if (!closed) {
                closed = true;
                LIBRARY.deleteTokenizer(handle);
            }
        } finally {
            exclusive.unlock();
        }
    }

    private <R> R whileOpen(LongFunction<R> call) {
        Lock shared = lock.readLock();
        shared.lock();
        try {
            if (closed) {
                throw new ModelException("the tokenizer of '" + origin + "' is closed already");
            }
            return call.apply(handle);
        } finally {
            shared.unlock();
        }
    }

    /** Half of a surrogate pair is no character and has no UTF-8; like any decoder of broken text we replace it. */
    private static String withoutLoneSurrogates(String text) {
        // Null would bring the process down in the native library.
        Objects.requireNonNull(text, "text");
        if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            return text;
        }
        int[] points = text.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xfffd : point)
                .toArray();
        return new String(points, 0, points.length);
    }
}

package org.intarsia.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Tokenizer;

/** Opens files in the format of {@code tokenizer.json}. */
public final class TokenizerJson {
    private TokenizerJson() {
    }

    /**
     * The tokenizer that a file describes; the caller closes it.
     *
     * <p>What the file says about truncating and padding is left aside: a text keeps all its ids and gets no others.
     *
     * @throws ModelException when the file is missing or broken, or the native library cannot be loaded here
     */
    public static Tokenizer open(Path file) {
        return of(file, read(file));
    }

    /**
     * The tokenizer that a text in that format describes; the caller closes it.
     *
     * @param file where the text comes from, for messages
     * @throws ModelException when the text is broken, or the native library cannot be loaded here
     */
    static Tokenizer of(Path file, String json) {
        NativeLibrary.load();
        long handle = 0;
        try {
            Templates.check(json);
            Merges.check(json);
            handle = TokenizersLibrary.LIB.createTokenizerFromString(json);
            TokenizersLibrary.LIB.disableTruncation(handle);
            TokenizersLibrary.LIB.disablePadding(handle);
            Tokenizer tokenizer = new NativeTokenizer(file.toString(), handle, Vocabulary.read(json));
            handle = 0;
            return tokenizer;
        } catch (IOException | RuntimeException e) {
            throw refused(file, json, e);
        } finally {
            if (handle != 0) {
                TokenizersLibrary.LIB.deleteTokenizer(handle);
            }
        }
    }

    /** Asks only then for unknown types: a newer library may know more of them. */
    private static ModelException refused(Path file, String json, Exception cause) {
        try {
            Optional<String> unknown = UnknownTypes.find(json);
            if (unknown.isPresent()) {
                return new ModelException("'" + file + "' cannot be used: " + unknown.get()
                        + "; take a checkpoint whose tokenizer is made of these", cause);
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        return broken(file, cause.getMessage(), cause);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new ModelException("there is no file '" + file + "'", e);
        } catch (CharacterCodingException e) {
            throw broken(file, "it is not UTF-8 text", e);
        } catch (IOException e) {
            throw new ModelException("'" + file + "' cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static ModelException broken(Path file, String reason, Exception cause) {
        String firstLine = String.valueOf(reason).lines().findFirst().orElse("no reason given");
        return new ModelException("'" + file + "' does not describe a tokenizer (" + firstLine
                + "); copy it again from where the weights come from", cause);
    }
}

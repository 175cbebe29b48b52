package org.intarsia.weights.llamacpp;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.intarsia.weights.WeightsException;

/**
 * The content of SentencePiece's {@code tokenizer.model}, a message of protocol buffers: its pieces, and whether a space is
 * put in front of each text.
 */
record PieceFile(List<Piece> pieces, boolean spaceInFront) {
    private static final int PIECES = 1;
    private static final int TRAINER = 2;
    private static final int NORMALIZER = 3;
    private static final int MODEL_TYPE = 3;
    private static final int PAIRS = 2;
    private static final int DUMMY_PREFIX = 3;
    private static final int LONGEST = 1 << 26;

    /** @param type numbered as llama.cpp does, which took the numbers over */
    record Piece(String text, float score, int type) {
    }

    private interface Field {
        /** @param value a number where the field is one, else null */
        void at(int number, ByteBuffer content, Long value);
    }

    static PieceFile read(Path file) {
        try {
            if (Files.size(file) > LONGEST) {
                throw new WeightsException("'" + file + "' is longer than any tokenizer");
            }
            return read(file, ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException e) {
            throw new WeightsException("'" + file + "' cannot be read (" + e.getMessage() + ")", e);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new WeightsException("'" + file + "' is not a tokenizer of SentencePiece", e);
        }
    }

    private static PieceFile read(Path file, ByteBuffer content) {
        List<Piece> pieces = new ArrayList<>();
        long[] type = {1};
        long[] prefix = {1};
        fields(content, (number, inner, value) -> {
            if (inner == null) {
                return;
            }
            switch (number) {
                case PIECES -> pieces.add(piece(inner));
                case TRAINER -> fields(inner, (each, bytes, of) -> type[0] = each == MODEL_TYPE && of != null ? of : type[0]);
                case NORMALIZER -> fields(inner, (each, bytes, of) ->
                        prefix[0] = each == DUMMY_PREFIX && of != null ? of : prefix[0]);
                default -> { }
            }
        });
        if (pieces.isEmpty()) {
            throw new WeightsException("'" + file + "' is not a tokenizer of SentencePiece");
        }
        if (type[0] != PAIRS) {
            throw new WeightsException("'" + file + "' is a tokenizer of SentencePiece that does not merge pairs, and llama.cpp"
                    + " reads only such");
        }
        return new PieceFile(List.copyOf(pieces), prefix[0] != 0);
    }

    private static Piece piece(ByteBuffer content) {
        String[] text = {""};
        float[] score = {0};
        int[] type = {TokenList.NORMAL};
        fields(content, (number, inner, value) -> {
            switch (number) {
                case 1 -> text[0] = inner == null ? "" : StandardCharsets.UTF_8.decode(inner).toString();
                case 2 -> score[0] = value == null ? 0 : Float.intBitsToFloat(value.intValue());
                case 3 -> type[0] = value == null ? TokenList.NORMAL : value.intValue();
                default -> { }
            }
        });
        return new Piece(text[0], score[0], type[0]);
    }

    private static void fields(ByteBuffer content, Field field) {
        while (content.hasRemaining()) {
            long tag = number(content);
            int number = (int) (tag >>> 3);
            switch ((int) (tag & 7)) {
                case 0 -> field.at(number, null, number(content));
                case 1 -> field.at(number, null, content.getLong());
                case 2 -> {
                    long length = number(content);
                    if (length < 0 || length > content.remaining()) {
                        throw new IllegalArgumentException("a field ends behind the file");
                    }
                    ByteBuffer inner = content.slice(content.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
                    content.position(content.position() + (int) length);
                    field.at(number, inner, null);
                }
                case 5 -> field.at(number, null, (long) content.getInt());
                default -> throw new IllegalArgumentException("a field of an unknown kind");
            }
        }
    }

    private static long number(ByteBuffer content) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = content.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of too many bytes");
    }
}

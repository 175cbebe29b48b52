package org.intarsia.remote.wire;

import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.engine.stages.StageStep;
import org.intarsia.graph.Encoding;
import org.intarsia.remote.wire.StageMessage.Compute;
import org.intarsia.remote.wire.StageMessage.Computed;
import org.intarsia.remote.wire.StageMessage.Grow;
import org.intarsia.remote.wire.StageMessage.Grown;
import org.intarsia.remote.wire.StageMessage.Malformed;
import org.intarsia.remote.wire.StageMessage.Open;
import org.intarsia.remote.wire.StageMessage.Opened;
import org.intarsia.remote.wire.StageMessage.Reason;
import org.intarsia.remote.wire.StageMessage.Refused;
import org.intarsia.remote.wire.StageMessage.Working;

/**
 * The layout of a stage's messages, little-endian: an i32 0x31535449, the letters ITS1; an i8, the place of the message in the list of
 * {@link StageMessage}; and its components in their order. A text is its length in bytes as i32, and UTF-8; an array is its size as i32,
 * and its numbers; an enumeration is an i8; of encodings there are F32 (1), BF16 (2) and F16 (3).
 */
final class StageFormat implements Marshaller<StageMessage> {
    private static final int MAGIC = 0x31535449;
    private static final int HEAD = Integer.BYTES + 1;
    private static final int MOST_TEXT = 4096;
    private static final int MOST_AXES = 8;
    private static final Encoding[] ENCODINGS = {Encoding.F32, Encoding.BF16, Encoding.F16};

    private enum Kind {
        OPEN, OPENED, GROW, GROWN, COMPUTE, COMPUTED, WORKING, REFUSED
    }

    @Override
    public InputStream stream(StageMessage message) {
        ByteBuffer bytes = switch (message) {
            case Open(StageLayers layers) -> {
                ByteBuffer room = room(Kind.OPEN, text(layers.weights()) + text(layers.graph()) + 5 * Integer.BYTES + 2);
                put(room, layers.weights());
                room.putInt(layers.first()).putInt(layers.last()).putInt(layers.tokens()).putInt(layers.blocks())
                        .putInt(layers.blockSize()).put(code(layers.cache())).put((byte) layers.precision().ordinal());
                yield put(room, layers.graph());
            }
            case Opened(String where, boolean alike) -> put(room(Kind.OPENED, text(where) + 1), where).put((byte) (alike ? 1 : 0));
            case Grow(int blocks) -> room(Kind.GROW, Integer.BYTES).putInt(blocks);
            case Grown(int blocks) -> room(Kind.GROWN, Integer.BYTES).putInt(blocks);
            case Compute(StageStep step, Encoding encoding) -> put(step, encoding);
            case Computed(float[] hidden, Encoding encoding) ->
                put(room(Kind.COMPUTED, 1 + Integer.BYTES + encoding.bytes(hidden.length)), hidden, encoding);
            case Working() -> room(Kind.WORKING, 0);
            case Refused(Reason reason, String sentence) ->
                put(room(Kind.REFUSED, 1 + text(sentence)).put((byte) reason.ordinal()), sentence);
            case Malformed(String why) -> throw new IllegalArgumentException("nobody sends that: " + why);
        };
        return new ByteArrayInputStream(bytes.array(), 0, bytes.position());
    }

    private static ByteBuffer room(Kind kind, long bytes) {
        return ByteBuffer.allocate(Math.toIntExact(HEAD + bytes)).order(ByteOrder.LITTLE_ENDIAN).putInt(MAGIC).put((byte) kind.ordinal());
    }

    private static int text(String text) {
        return Integer.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static ByteBuffer put(ByteBuffer bytes, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        return bytes.putInt(encoded.length).put(encoded);
    }

    /** Returns the bytes of the message that asks to compute a step. */
    static long bytes(StageStep step, Encoding encoding) {
        long numbers = 7L + step.positions().length * (step.tokens() + 1L) + 4L * step.tokens() + step.table().length;
        return HEAD + 1 + Integer.BYTES * numbers + encoding.bytes(step.hidden().length);
    }

    private static ByteBuffer put(StageStep step, Encoding encoding) {
        ByteBuffer bytes = room(Kind.COMPUTE, bytes(step, encoding) - HEAD);
        put(bytes, step.place());
        bytes.putInt(step.positions().length);
        for (int[] axis : step.positions()) {
            put(bytes, axis);
        }
        put(bytes, step.block());
        put(bytes, step.offset());
        put(bytes, step.row());
        put(bytes, step.table());
        return put(bytes, step.hidden(), encoding);
    }

    private static void put(ByteBuffer bytes, int[] numbers) {
        bytes.putInt(numbers.length);
        bytes.asIntBuffer().put(numbers);
        bytes.position(bytes.position() + Integer.BYTES * numbers.length);
    }

    private static ByteBuffer put(ByteBuffer bytes, float[] numbers, Encoding encoding) {
        bytes.put(code(encoding)).putInt(numbers.length);
        if (encoding == Encoding.F32) {
            bytes.asFloatBuffer().put(numbers);
            return bytes.position(bytes.position() + Float.BYTES * numbers.length);
        }
        for (float number : numbers) {
            bytes.putShort((short) encoding.bits(number));
        }
        return bytes;
    }

    private static byte code(Encoding encoding) {
        for (int code = 0; code < ENCODINGS.length; code++) {
            if (ENCODINGS[code] == encoding) {
                return (byte) (code + 1);
            }
        }
        throw new IllegalArgumentException(encoding + " is not sent");
    }

    @Override
    public StageMessage parse(InputStream stream) {
        try {
            // gRPC has checked the length, and has all of it.
            ByteBuffer bytes = ByteBuffer.wrap(stream.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            if (bytes.getInt() != MAGIC) {
                return new Malformed("it does not begin as a stage's message does");
            }
            StageMessage message = parse(bytes, one(bytes, Kind.values()));
            return bytes.hasRemaining() ? new Malformed("bytes follow it") : message;
        } catch (BufferUnderflowException e) {
            return new Malformed("it is cut off");
        } catch (IllegalArgumentException e) {
            return new Malformed(e.getMessage());
        } catch (IOException e) {
            return new Malformed("it could not be read");
        }
    }

    private static StageMessage parse(ByteBuffer bytes, Kind kind) {
        return switch (kind) {
            case OPEN -> new Open(new StageLayers(text(bytes), bytes.getInt(), bytes.getInt(), bytes.getInt(), bytes.getInt(), bytes.getInt(),
                    encoding(bytes), one(bytes, Precision.values()), text(bytes)));
            case OPENED -> new Opened(text(bytes), bytes.get() != 0);
            case GROW -> new Grow(bytes.getInt());
            case GROWN -> new Grown(bytes.getInt());
            case COMPUTE -> {
                int[] place = ints(bytes);
                int[][] positions = new int[size(bytes, MOST_AXES)][];
                for (int axis = 0; axis < positions.length; axis++) {
                    positions[axis] = ints(bytes);
                }
                int[] block = ints(bytes);
                int[] offset = ints(bytes);
                int[] row = ints(bytes);
                int[] table = ints(bytes);
                Encoding encoding = encoding(bytes);
                yield new Compute(new StageStep(place, positions, block, offset, row, table, floats(bytes, encoding)), encoding);
            }
            case COMPUTED -> {
                Encoding encoding = encoding(bytes);
                yield new Computed(floats(bytes, encoding), encoding);
            }
            case WORKING -> new Working();
            case REFUSED -> new Refused(one(bytes, Reason.values()), text(bytes));
        };
    }

    private static <E> E one(ByteBuffer bytes, E[] values) {
        return values[size(bytes.get(), values.length - 1)];
    }

    private static Encoding encoding(ByteBuffer bytes) {
        return ENCODINGS[size(bytes.get() - 1, ENCODINGS.length - 1)];
    }

    private static int size(ByteBuffer bytes, int most) {
        return size(bytes.getInt(), most);
    }

    private static int size(int size, int most) {
        if (size < 0 || size > most) {
            throw new IllegalArgumentException("a number of it is out of range");
        }
        return size;
    }

    private static String text(ByteBuffer bytes) {
        byte[] text = new byte[size(bytes, Math.min(MOST_TEXT, bytes.remaining()))];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** No array is made that is longer than the bytes that are there. */
    private static int[] ints(ByteBuffer bytes) {
        int[] numbers = new int[size(bytes, bytes.remaining() / Integer.BYTES)];
        bytes.asIntBuffer().get(numbers);
        bytes.position(bytes.position() + Integer.BYTES * numbers.length);
        return numbers;
    }

    private static float[] floats(ByteBuffer bytes, Encoding encoding) {
        float[] numbers = new float[size(bytes, (int) (bytes.remaining() / encoding.bytes(1)))];
        switch (encoding) {
            case F32 -> {
                bytes.asFloatBuffer().get(numbers);
                bytes.position(bytes.position() + Float.BYTES * numbers.length);
            }
            case BF16 -> {
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = Float.intBitsToFloat(bytes.getShort() << Short.SIZE);
                }
            }
            default -> throw new IllegalArgumentException("the residual stream is F32 or BF16");
        }
        return numbers;
    }
}

package org.intarsia.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.intarsia.text.Quoted;

/** One value of GGUF metadata as bytes, behind the number of its type: reading bytes that were checked, and making them. */
final class MetadataValue {
    private final MemorySegment bytes;
    private final String what;
    private long position = Integer.BYTES;

    private MetadataValue(String what, MemorySegment bytes) {
        this.what = what;
        this.bytes = bytes;
    }

    static ValueType type(MemorySegment bytes) {
        return ValueType.values()[bytes.get(Elements.INT, 0)];
    }

    /** @param what whose value this is, for messages */
    static Object decode(String what, MemorySegment bytes) {
        return new MetadataValue(what, bytes).decode(type(bytes));
    }

    private Object decode(ValueType type) {
        long at = position;
        position += type.bytes();
        return switch (type) {
            case U8 -> (long) Byte.toUnsignedInt(bytes.get(JAVA_BYTE, at));
            case I8 -> (long) bytes.get(JAVA_BYTE, at);
            case U16 -> (long) Short.toUnsignedInt(bytes.get(Elements.SHORT, at));
            case I16 -> (long) bytes.get(Elements.SHORT, at);
            case U32 -> Integer.toUnsignedLong(bytes.get(Elements.INT, at));
            case I32 -> (long) bytes.get(Elements.INT, at);
            case U64 -> unsigned(bytes.get(Elements.LONG, at));
            case I64 -> bytes.get(Elements.LONG, at);
            case F32 -> bytes.get(Elements.FLOAT, at);
            case F64 -> Double.longBitsToDouble(bytes.get(Elements.LONG, at));
            case BOOL -> bytes.get(JAVA_BYTE, at) != 0;
            case TEXT -> text();
            case ARRAY -> array();
        };
    }

    private static Object unsigned(long bits) {
        return bits >= 0 ? (Object) bits : new BigInteger(Long.toUnsignedString(bits));
    }

    private String text() {
        long length = bytes.get(Elements.LONG, position);
        position += Long.BYTES + length;
        return text(what, bytes.asSlice(position - length, length));
    }

    /** UTF-8, and nothing else. */
    static String text(String what, MemorySegment bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.asByteBuffer()).toString();
        } catch (CharacterCodingException e) {
            throw new WeightsException(what + " is not UTF-8 text", e);
        }
    }

    private List<Object> array() {
        ValueType type = ValueType.values()[bytes.get(Elements.INT, position)];
        long count = bytes.get(Elements.LONG, position + Integer.BYTES);
        position += Integer.BYTES + Long.BYTES;
        List<Object> items = new ArrayList<>((int) count);
        for (long i = 0; i < count; i++) {
            items.add(decode(type));
        }
        return Collections.unmodifiableList(items);
    }

    static MemorySegment encode(String key, Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ValueType type = type(key, value);
        put(bytes, Integer.BYTES, type.ordinal());
        encode(key, type, value, bytes);
        return MemorySegment.ofArray(bytes.toByteArray());
    }

    private static ValueType type(String key, Object value) {
        return switch (value) {
            case String text -> ValueType.TEXT;
            case Boolean flag -> ValueType.BOOL;
            case Integer number -> number >= 0 ? ValueType.U32 : ValueType.I32;
            case Long number -> number >= 0 ? ValueType.U64 : ValueType.I64;
            case Float number -> ValueType.F32;
            case Double number -> ValueType.F64;
            case List<?> list -> ValueType.ARRAY;
            case int[] numbers -> ValueType.ARRAY;
            case float[] numbers -> ValueType.ARRAY;
            default -> throw new WeightsException("the metadata " + Quoted.of(key) + " cannot be written as "
                    + value.getClass().getSimpleName());
        };
    }

    private static void encode(String key, ValueType type, Object value, ByteArrayOutputStream bytes) {
        switch (value) {
            case String text -> putText(bytes, text);
            case Boolean flag -> bytes.write(flag ? 1 : 0);
            case Float number -> put(bytes, type.bytes(), Float.floatToRawIntBits(number));
            case Double number -> put(bytes, type.bytes(), Double.doubleToRawLongBits(number));
            case List<?> list -> {
                ValueType itemType = itemType(key, list);
                put(bytes, Integer.BYTES, itemType.ordinal());
                put(bytes, Long.BYTES, list.size());
                list.forEach(item -> encode(key, itemType, item, bytes));
            }
            case int[] numbers -> {
                put(bytes, Integer.BYTES, ValueType.I32.ordinal());
                put(bytes, Long.BYTES, numbers.length);
                Arrays.stream(numbers).forEach(number -> put(bytes, Integer.BYTES, number));
            }
            case float[] numbers -> {
                put(bytes, Integer.BYTES, ValueType.F32.ordinal());
                put(bytes, Long.BYTES, numbers.length);
                for (float number : numbers) {
                    put(bytes, Float.BYTES, Float.floatToRawIntBits(number));
                }
            }
            default -> put(bytes, type.bytes(), ((Number) value).longValue());
        }
    }

    /** One type for all: whole numbers are signed where any of them is. */
    private static ValueType itemType(String key, List<?> list) {
        if (list.isEmpty()) {
            return ValueType.I32;
        }
        if (list.stream().anyMatch(item -> item.getClass() != list.getFirst().getClass()
                && !(item instanceof List && list.getFirst() instanceof List))) {
            throw new WeightsException("the metadata " + Quoted.of(key) + " is a list of different types");
        }
        return list.stream().map(item -> type(key, item)).filter(type -> type == ValueType.I32 || type == ValueType.I64)
                .findFirst().orElseGet(() -> type(key, list.getFirst()));
    }

    static void putText(ByteArrayOutputStream bytes, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        put(bytes, Long.BYTES, encoded.length);
        bytes.writeBytes(encoded);
    }

    static void put(ByteArrayOutputStream bytes, int count, long value) {
        bytes.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array(), 0, count);
    }
}

package org.intarsia.weights;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.intarsia.text.Quoted;

/**
 * What a checkpoint says about itself beside its tensors, with types: text, whole and other numbers, truth values, and lists
 * of these. A safetensors file has only texts. GGUF files describe the whole model so, its tokenizer included.
 *
 * <p>Values are decoded when they are asked for, each time anew, as lists may be long. They are usable as long as the
 * {@link Weights} they come from are open.
 */
public final class Metadata {
    private final String origin;

    /** For each key the type and the value as GGUF files have them. */
    private final SortedMap<String, MemorySegment> values;

    Metadata(String origin, SortedMap<String, MemorySegment> values) {
        this.origin = origin;
        this.values = values;
    }

    /**
     * Metadata to be written. A String, Boolean, Float or Double is stored as such, an Integer as 32 bits, a Long as 64
     * bits, both unsigned where they are not negative; a List by its first element's class, which all must have; an {@code
     * int[]} as a list of signed numbers of 32 bits, a {@code float[]} as a list of Floats.
     */
    public static Metadata of(Map<String, ?> values) {
        SortedMap<String, MemorySegment> encoded = new TreeMap<>();
        values.forEach((key, value) -> encoded.put(key, MetadataValue.encode(key, value)));
        return new Metadata("metadata", encoded);
    }

    /** These and others; where both have a key, the others count. */
    public Metadata with(Metadata others) {
        SortedMap<String, MemorySegment> all = new TreeMap<>(values);
        all.putAll(others.values);
        return new Metadata(origin, all);
    }

    /** These but for those whose keys begin so. */
    public Metadata without(String prefix) {
        SortedMap<String, MemorySegment> others = new TreeMap<>(values);
        others.keySet().removeIf(key -> key.startsWith(prefix));
        return new Metadata(origin, others);
    }

    public SortedSet<String> keys() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(values.keySet()));
    }

    /**
     * The value of a key: a String, Boolean, Long, Float, Double, a BigInteger for numbers of 2⁶³ and above, or a List of
     * these.
     */
    public Optional<Object> find(String key) {
        return Optional.ofNullable(values.get(key))
                .map(value -> MetadataValue.decode("the metadata " + Quoted.of(key) + " of '" + origin + "'", value));
    }

    /**
     * @throws WeightsException when the value is something else; so for the others below
     */
    public Optional<String> text(String key) {
        return find(key, String.class, "a text");
    }

    public Optional<Number> number(String key) {
        return find(key, Number.class, "a number");
    }

    /** A whole number that fits into 63 bits. */
    public Optional<Long> integer(String key) {
        return find(key, Long.class, "a whole number");
    }

    public Optional<Boolean> flag(String key) {
        return find(key, Boolean.class, "a truth value");
    }

    public Optional<List<String>> texts(String key) {
        return list(key, String.class, "a list of texts");
    }

    public Optional<List<Number>> numbers(String key) {
        return list(key, Number.class, "a list of numbers");
    }

    private <T> Optional<List<T>> list(String key, Class<T> type, String what) {
        return find(key, List.class, what).map(list -> {
            for (Object item : list) {
                require(type.isInstance(item), key, what);
            }
            @SuppressWarnings("unchecked")
            List<T> checked = list;
            return checked;
        });
    }

    private <T> Optional<T> find(String key, Class<T> type, String what) {
        Optional<Object> value = find(key);
        require(value.stream().allMatch(type::isInstance), key, what);
        return value.map(type::cast);
    }

    private void require(boolean right, String key, String what) {
        if (!right) {
            throw new WeightsException("the metadata " + Quoted.of(key) + " of '" + origin + "' is not " + what);
        }
    }

    /** All but lists, as texts; this is what safetensors files can hold. */
    public SortedMap<String, String> asTexts() {
        SortedMap<String, String> texts = new TreeMap<>();
        values.forEach((key, value) -> {
            if (MetadataValue.type(value) != ValueType.ARRAY) {
                texts.put(key, find(key).orElseThrow().toString());
            }
        });
        return texts;
    }

    /** Type and value of each key, as GGUF files have them. */
    SortedMap<String, MemorySegment> stored() {
        return values;
    }
}

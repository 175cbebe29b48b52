package org.intarsia.backend.cpu.code;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.intarsia.backend.api.BackendException;
import org.intarsia.graph.Encoding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machine code of a backend, made when a plan first asks for it. Safe for use by several threads. */
public final class MachineCode implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(MachineCode.class);

    private static final Set<InstructionSet> EXACT = EnumSet.of(InstructionSet.AVX2, InstructionSet.AVX512);
    private static final Set<Encoding> STORED = EnumSet.of(Encoding.F32, Encoding.BF16, Encoding.F16);

    private final Set<InstructionSet> allowed;
    /** Null until a plan asks; empty where the machine cannot run code. */
    private Set<InstructionSet> usable;
    private final Map<Encoding, IntegerDots> integers = new EnumMap<>(Encoding.class);
    private final Map<InstructionSet, Map<Encoding, StoredDots>> dots = new EnumMap<>(InstructionSet.class);
    private Bf16Dots bf16;
    private final Map<InstructionSet, FloatTiles> floatTiles = new EnumMap<>(InstructionSet.class);
    private Bf16Tiles bf16Tiles;

    /** Code of the fastest instructions that the processor has. */
    public MachineCode() {
        this(EnumSet.allOf(InstructionSet.class));
    }

    /** @param allowed no other instructions are used, so that tests can try each kind of code that a processor runs */
    public MachineCode(Set<InstructionSet> allowed) {
        this.allowed = Set.copyOf(allowed);
    }

    private boolean has(InstructionSet instructions) {
        if (usable == null) {
            usable = EnumSet.noneOf(InstructionSet.class);
            attempt(Processor::read).ifPresent(processor -> {
                processor.lacks().ifPresent(lacks -> LOGGER.info("Products are computed without machine code: {}.", lacks));
                usable.addAll(processor.instructions());
                usable.retainAll(allowed);
            });
        }
        return usable.contains(instructions);
    }

    private <T> Optional<T> attempt(Supplier<T> made) {
        try {
            return Optional.of(made.get());
        } catch (BackendException e) {
            LOGGER.warn("Products are computed without machine code: {}.", e.getMessage());
            usable.clear();
            return Optional.empty();
        }
    }

    /** Returns what was made for a key, or makes it now; empty where that fails. */
    private <K, T> Optional<T> kept(Map<K, T> made, K key, Supplier<T> maker) {
        if (!made.containsKey(key)) {
            attempt(maker).ifPresent(code -> made.put(key, code));
        }
        return Optional.ofNullable(made.get(key));
    }

    /** Returns the code for products with weights of this block-quantised encoding; empty where there is none. */
    public synchronized Optional<IntegerDots> integers(Encoding encoding) {
        List<InstructionSet> known = IntegerDots.instructions(encoding).stream().filter(this::has).toList();
        return known.isEmpty() ? Optional.empty() : kept(integers, encoding, () -> new IntegerDots(known.getLast(), encoding));
    }

    /**
     * Returns the code for exact products with weights in F32, BF16 or F16; empty where there is none.
     *
     * @param lanes chains of a product, which its bits depend on
     */
    public synchronized Optional<StoredDots> dots(Encoding encoding, int lanes) {
        return exact(lanes).filter(_ -> STORED.contains(encoding)).flatMap(instructions ->
                kept(dots.computeIfAbsent(instructions, _ -> new EnumMap<>(Encoding.class)), encoding,
                        () -> new StoredDots(instructions, encoding)));
    }

    /** The instructions for exact products on vectors of so many numbers in F32. */
    private Optional<InstructionSet> exact(int lanes) {
        return EXACT.stream().filter(instructions -> instructions.lanes() == lanes && has(instructions)).findFirst();
    }

    /** Returns the code for products with weights in BF16 and rows that are rounded to BF16; empty where there is none. */
    public synchronized Optional<Bf16Dots> bf16() {
        if (bf16 == null && has(InstructionSet.AVX512_BF16)) {
            bf16 = attempt(Bf16Dots::new).orElse(null);
        }
        return Optional.ofNullable(bf16);
    }

    /** Returns the code for exact products of F32 numbers with vectors of so many of them; empty where there is none. */
    public synchronized Optional<FloatTiles> floatTiles(int lanes) {
        return exact(lanes).flatMap(instructions -> kept(floatTiles, instructions, () -> new FloatTiles(instructions)));
    }

    /** Returns the code for products of which both sides are rounded to BF16; empty where there is none. */
    public synchronized Optional<Bf16Tiles> bf16Tiles() {
        if (bf16Tiles == null && has(InstructionSet.AVX512_BF16)) {
            bf16Tiles = attempt(Bf16Tiles::new).orElse(null);
        }
        return Optional.ofNullable(bf16Tiles);
    }

    /** Frees the code, which no plan may use any more. */
    @Override
    public synchronized void close() {
        integers.values().forEach(IntegerDots::close);
        integers.clear();
        dots.values().forEach(made -> made.values().forEach(StoredDots::close));
        dots.clear();
        if (bf16 != null) {
            bf16.close();
            bf16 = null;
        }
        floatTiles.values().forEach(FloatTiles::close);
        floatTiles.clear();
        if (bf16Tiles != null) {
            bf16Tiles.close();
            bf16Tiles = null;
        }
    }
}

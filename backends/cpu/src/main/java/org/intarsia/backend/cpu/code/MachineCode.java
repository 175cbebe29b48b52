package org.intarsia.backend.cpu.code;

import java.util.Optional;
import org.intarsia.backend.api.BackendException;
import org.intarsia.graph.Encoding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machine code of a backend, made when a plan first asks for it. Safe for use by several threads. */
public final class MachineCode implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(MachineCode.class);

    /** Null until a plan asks; without either where the machine cannot run code. */
    private Made made;

    private record Made(Optional<IntegerDots> integers, Optional<Bf16Dots> bf16, Optional<Bf16Tiles> tiles) {
        static Made make() {
            try {
                Processor processor = Processor.read();
                if (processor.lacks().isEmpty()) {
                    return new Made(Optional.of(new IntegerDots()), processor.bf16() ? Optional.of(new Bf16Dots()) : Optional.empty(),
                            processor.bf16() ? Optional.of(new Bf16Tiles()) : Optional.empty());
                }
                LOGGER.info("Fast products are exact, since there is no machine code: {}.", processor.lacks().get());
            } catch (BackendException e) {
                LOGGER.warn("Fast products are exact, since there is no machine code: {}.", e.getMessage());
            }
            return new Made(Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    private Made made() {
        if (made == null) {
            made = Made.make();
        }
        return made;
    }

    /** Returns the code for products with weights of this block-quantised encoding; empty where there is none. */
    public synchronized Optional<IntegerDots> integers(Encoding encoding) {
        return IntegerDots.reads(encoding) ? made().integers() : Optional.empty();
    }

    /** Returns the code for products with weights in BF16; empty where there is none. */
    public synchronized Optional<Bf16Dots> bf16() {
        return made().bf16();
    }

    /** Returns the code for products of which both sides are rounded to BF16; empty where there is none. */
    public synchronized Optional<Bf16Tiles> tiles() {
        return made().tiles();
    }

    /** Frees the code, which no plan may use any more. */
    @Override
    public synchronized void close() {
        if (made != null) {
            made.integers().ifPresent(IntegerDots::close);
            made.bf16().ifPresent(Bf16Dots::close);
            made.tiles().ifPresent(Bf16Tiles::close);
            made = null;
        }
    }
}

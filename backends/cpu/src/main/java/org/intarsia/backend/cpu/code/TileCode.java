package org.intarsia.backend.cpu.code;

import java.util.Optional;

/**
 * The machine code that the products of a plan may use.
 *
 * @param exact for numbers as they are
 * @param mixed for numbers that are rounded to BF16, where the plan allows it
 */
public record TileCode(Optional<FloatTiles> exact, Optional<Bf16Tiles> mixed) {
    /** The Vector API computes all. */
    public static final TileCode NONE = new TileCode(Optional.empty(), Optional.empty());
}

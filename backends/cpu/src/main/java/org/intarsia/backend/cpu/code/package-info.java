/**
 * Machine code that is made at run time, for what the Vector API cannot say: sums of products of bytes, prefetching, and which registers
 * hold what. Begin with {@link org.intarsia.backend.cpu.code.MachineCode}, which a backend owns, makes when a plan first asks, and frees
 * when it leaves; it is locked by its own monitor. {@link org.intarsia.backend.cpu.code.IntegerDots} (AVX2, or AVX-512 with VNNI),
 * {@link org.intarsia.backend.cpu.code.StoredDots} and {@link org.intarsia.backend.cpu.code.FloatTiles} (AVX2),
 * {@link org.intarsia.backend.cpu.code.Bf16Dots} and {@link org.intarsia.backend.cpu.code.Bf16Tiles} (AVX-512 BF16) are what it hands
 * out.
 *
 * <p>{@link org.intarsia.backend.cpu.code.IntegerDotsCode} and {@link org.intarsia.backend.cpu.code.RowDotsCode} have the loops of a
 * product, {@link org.intarsia.backend.cpu.code.TilesCode} has what those of tiles share, and a subclass for each instruction set says
 * which instructions it is made of. {@link org.intarsia.backend.cpu.code.Assembler} and its two subclasses turn them into bytes, and
 * {@link org.intarsia.backend.cpu.code.ExecutableMemory} makes those callable, by the foreign function API.
 * {@link org.intarsia.backend.cpu.code.Processor} tells which {@link org.intarsia.backend.cpu.code.InstructionSet} this machine has.
 * Nothing here is used on other machines than x86-64 with Linux and AVX2, and where the system does not let a process run code that it
 * has written; there the Vector API computes.
 *
 * <p>Code is the same in each run, so neither its bits nor its speed depend on what the just-in-time compiler does.
 */
package org.intarsia.backend.cpu.code;

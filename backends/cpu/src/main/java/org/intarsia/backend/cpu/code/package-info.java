/**
 * Machine code that is made at run time, for what the Vector API cannot say: sums of products of bytes (AVX-512 VNNI), and
 * prefetching. Begin with {@link org.intarsia.backend.cpu.code.MachineCode}, which a backend owns, makes when a plan first asks, and
 * frees when it leaves; it is locked by its own monitor. {@link org.intarsia.backend.cpu.code.IntegerDots},
 * {@link org.intarsia.backend.cpu.code.Bf16Dots} and {@link org.intarsia.backend.cpu.code.Bf16Tiles} are what it hands out.
 *
 * <p>{@link org.intarsia.backend.cpu.code.IntegerDotsCode} says which instructions a product is made of,
 * {@link org.intarsia.backend.cpu.code.Assembler} turns them into bytes, and
 * {@link org.intarsia.backend.cpu.code.ExecutableMemory} makes those callable, by the foreign function API.
 * {@link org.intarsia.backend.cpu.code.Processor} tells whether this machine has what is needed: x86-64, Linux, AVX-512 with VNNI,
 * and a system that lets a process run code that it has written. Elsewhere nothing here is used, and the Vector API computes.
 *
 * <p>Code is the same in each run, so neither its bits nor its speed depend on what the just-in-time compiler does.
 */
package org.intarsia.backend.cpu.code;

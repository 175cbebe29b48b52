package org.intarsia.backend.cpu.code;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the processor can, by its own instruction CPUID; the JVM does not tell.
 *
 * @param lacks        why no code of this package can run here; nothing where it can
 * @param instructions those that it has
 */
record Processor(Optional<String> lacks, Set<InstructionSet> instructions) {
    /** Arguments: leaf, subleaf, where eax, ebx, ecx and edx go. rbx belongs to the caller. */
    private static final byte[] CPUID = bytes(
            0x53,                                   // push rbx
            0x49, 0x89, 0xD0,                       // mov r8, rdx
            0x89, 0xF8,                             // mov eax, edi
            0x89, 0xF1,                             // mov ecx, esi
            0x0F, 0xA2,                             // cpuid
            0x41, 0x89, 0x00,                       // mov [r8], eax
            0x41, 0x89, 0x58, 0x04,                 // mov [r8+4], ebx
            0x41, 0x89, 0x48, 0x08,                 // mov [r8+8], ecx
            0x41, 0x89, 0x50, 0x0C,                 // mov [r8+12], edx
            0x5B,                                   // pop rbx
            0xC3);                                  // ret
    /** Argument: where the lower half of the register XCR0 goes. */
    private static final byte[] XGETBV = bytes(
            0x31, 0xC9,                             // xor ecx, ecx
            0x0F, 0x01, 0xD0,                       // xgetbv
            0x89, 0x07,                             // mov [rdi], eax
            0xC3);                                  // ret
    private static final int OSXSAVE = 1 << 27;
    private static final int FMA = 1 << 12;
    private static final int F16C = 1 << 29;
    private static final int BESIDE_AVX2 = FMA | F16C;
    /** The system saves the state of SSE and AVX. */
    private static final int AVX_STATE = 0b0000_0110;
    private static final int AVX2 = 1 << 5;
    /** The system saves the state of SSE, AVX, masks and all of AVX-512. */
    private static final int AVX512_STATE = 0b1110_0110;
    private static final int AVX512F = 1 << 16;
    private static final int AVX512BW = 1 << 30;
    private static final int AVX512VL = 1 << 31;
    private static final int ALL_OF_AVX512 = AVX512F | AVX512BW | AVX512VL;
    private static final int AVX512VNNI = 1 << 11;
    private static final int AVX512BF16 = 1 << 5;

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static Processor lacking(String what) {
        return new Processor(Optional.of(what), Set.of());
    }

    private static boolean has(int bits, int wanted) {
        return (bits & wanted) == wanted;
    }

    /**
     * Asks the processor.
     *
     * @throws org.intarsia.backend.api.BackendException where the system does not let a process execute what it has written
     */
    static Processor read() {
        String system = System.getProperty("os.name");
        String architecture = System.getProperty("os.arch");
        if (!system.equals("Linux") || !architecture.equals("amd64")) {
            return lacking("it is made for Linux on x86-64, not for " + system + " on " + architecture);
        }
        try (ExecutableMemory memory = new ExecutableMemory(List.of(CPUID, XGETBV)); Arena arena = Arena.ofConfined()) {
            MethodHandle cpuid = ExecutableMemory.caller(JAVA_INT, JAVA_INT, ADDRESS).bindTo(memory.function(0));
            MethodHandle xgetbv = ExecutableMemory.caller(ADDRESS).bindTo(memory.function(1));
            MemorySegment registers = arena.allocate(16, 16);
            cpuid.invokeExact(0, 0, registers);
            int leaves = registers.get(JAVA_INT, 0);
            cpuid.invokeExact(1, 0, registers);
            int features = registers.get(JAVA_INT, 8);
            if (leaves < 7 || (features & OSXSAVE) == 0) {
                return lacking("the processor has no AVX2");
            }
            xgetbv.invokeExact(registers);
            int state = registers.get(JAVA_INT, 0);
            cpuid.invokeExact(7, 0, registers);
            int subleaves = registers.get(JAVA_INT, 0);
            int more = registers.get(JAVA_INT, 4);
            if (!has(state, AVX_STATE) || !has(features, BESIDE_AVX2) || !has(more, AVX2)) {
                return lacking("the processor has no AVX2 with FMA and F16C");
            }
            Set<InstructionSet> instructions = EnumSet.of(InstructionSet.AVX2);
            if (has(state, AVX512_STATE) && has(more, ALL_OF_AVX512) && has(registers.get(JAVA_INT, 8), AVX512VNNI)) {
                instructions.add(InstructionSet.AVX512);
                cpuid.invokeExact(7, 1, registers);
                if (subleaves >= 1 && has(registers.get(JAVA_INT, 0), AVX512BF16)) {
                    instructions.add(InstructionSet.AVX512_BF16);
                }
            }
            return new Processor(Optional.empty(), instructions);
        } catch (Throwable e) {
            throw ExecutableMemory.unchecked(e);
        }
    }
}

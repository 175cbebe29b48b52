package org.intarsia.backend.cpu.step;

import java.util.Arrays;
import java.util.List;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.host.Worker;
import org.intarsia.backend.cpu.kernel.RowKernels;
import org.intarsia.backend.cpu.kernel.RowKernels.Binary;
import org.intarsia.backend.cpu.kernel.RowKernels.Unary;
import org.intarsia.graph.op.Fused;
import org.intarsia.graph.op.Fused.Function;
import org.intarsia.graph.op.Fused.Instruction;

/**
 * Runs a {@link Fused} program block by block: each instruction works on a block that stays in the first-level cache, so
 * only the operands and the result pass through memory.
 */
public final class FusedStep implements Step {
    private static final int BLOCK = 512;
    /** Elements that are worth a task of their own. */
    private static final int GRAIN = 16 * BLOCK;

    private final RowKernels rows;
    private final Instruction[] program;
    private final int operands;
    private final long[] addresses;
    /** How an operand is repeated; null for one that lies like the result. */
    private final Strides[] repeats;
    /** The scratch block of each operand and instruction; -1 for none. */
    private final int[] slots;
    private final int slotCount;
    private final long result;
    private final long count;

    /** Binds a node whose op is {@link Fused}. */
    public FusedStep(NodeBinding binding) {
        Fused fused = binding.op(Fused.class);
        rows = binding.kernels().rows();
        program = fused.program().toArray(Instruction[]::new);
        operands = binding.operands();
        addresses = new long[operands];
        repeats = new Strides[operands];
        for (int i = 0; i < operands; i++) {
            addresses[i] = binding.operand(i);
            Strides strides = Strides.broadcast(binding.shape(i), binding.shape());
            repeats[i] = strides.isPlain() ? null : strides;
        }
        result = binding.result();
        count = binding.shape().elements();
        slots = new int[operands + program.length];
        slotCount = assignSlots(fused.program());
    }

    /** Constants and scalars keep a block of their own; other values share blocks when they do not live at the same time. */
    private int assignSlots(List<Instruction> instructions) {
        int[] last = new int[slots.length];
        for (int i = 0; i < program.length; i++) {
            for (int argument : instructions.get(i).arguments()) {
                last[argument] = i;
            }
        }
        Arrays.fill(slots, -1);
        boolean[] taken = new boolean[slots.length];
        int most = 0;
        for (int i = 0; i < operands; i++) {
            if (repeats[i] != null) {
                slots[i] = most;
                taken[most++] = true;
            }
        }
        for (int i = 0; i < program.length - 1; i++) {
            // The block of an argument that ends here may be written over: all ops go element by element.
            for (int argument : program[i].arguments()) {
                if (argument >= operands && last[argument] == i && !isConstant(argument)) {
                    taken[slots[argument]] = false;
                }
            }
            int slot = 0;
            while (taken[slot]) {
                slot++;
            }
            taken[slot] = true;
            slots[operands + i] = slot;
            most = Math.max(most, slot + 1);
        }
        return most;
    }

    private boolean isConstant(int value) {
        return value >= operands && program[value - operands].arguments().isEmpty();
    }

    @Override
    public void run(ThreadTeam team) {
        team.split(count, GRAIN, this::range);
    }

    private void range(long first, long last, Worker worker) {
        long scratch = worker.scratch(4L * BLOCK * Math.max(1, slotCount));
        long[] at = new long[slots.length];
        for (int i = 0; i < slots.length; i++) {
            at[i] = scratch + 4L * BLOCK * slots[i];
        }
        for (int i = 0; i < program.length; i++) {
            if (isConstant(operands + i) && i < program.length - 1) {
                constant(program[i], at[operands + i], (int) Math.min(BLOCK, last - first));
            }
        }
        for (int i = 0; i < operands; i++) {
            if (isScalar(i)) {
                rows.fill(Memory.getFloat(addresses[i]), at[i], (int) Math.min(BLOCK, last - first));
            }
        }
        for (long start = first; start < last; start += BLOCK) {
            int n = (int) Math.min(BLOCK, last - start);
            for (int i = 0; i < operands; i++) {
                if (repeats[i] == null) {
                    at[i] = addresses[i] + 4 * start;
                } else if (!isScalar(i)) {
                    repeats[i].gather(rows, addresses[i], start, n, at[i]);
                }
            }
            at[slots.length - 1] = result + 4 * start;
            for (int i = 0; i < program.length; i++) {
                if (isConstant(operands + i)) {
                    if (i == program.length - 1) {
                        constant(program[i], at[operands + i], n);
                    }
                } else {
                    apply(program[i], at, at[operands + i], n);
                }
            }
        }
    }

    private boolean isScalar(int operand) {
        return repeats[operand] != null && repeats[operand].rank() == 1 && repeats[operand].source(0) == 0;
    }

    private void constant(Instruction instruction, long to, int n) {
        float bits = instruction.function() == Function.INT_CONSTANT
                ? Float.intBitsToFloat((int) instruction.value()) : (float) instruction.value();
        rows.fill(bits, to, n);
    }

    private void apply(Instruction instruction, long[] at, long y, int n) {
        List<Integer> arguments = instruction.arguments();
        long a = at[arguments.get(0)];
        long b = arguments.size() > 1 ? at[arguments.get(1)] : 0;
        switch (instruction.function()) {
            case NEG -> rows.unary(Unary.NEG, a, y, n);
            case EXP -> rows.unary(Unary.EXP, a, y, n);
            case LOG -> rows.unary(Unary.LOG, a, y, n);
            case SQRT -> rows.unary(Unary.SQRT, a, y, n);
            case SIN -> rows.unary(Unary.SIN, a, y, n);
            case COS -> rows.unary(Unary.COS, a, y, n);
            case TANH -> rows.unary(Unary.TANH, a, y, n);
            case SILU -> rows.unary(Unary.SILU, a, y, n);
            case GELU -> rows.unary(Unary.GELU, a, y, n);
            case ADD -> rows.binary(Binary.ADD, a, b, y, n);
            case SUB -> rows.binary(Binary.SUB, a, b, y, n);
            case MUL -> rows.binary(Binary.MUL, a, b, y, n);
            case DIV -> rows.binary(Binary.DIV, a, b, y, n);
            case MAX -> rows.binary(Binary.MAX, a, b, y, n);
            case LESS -> rows.binary(Binary.LESS, a, b, y, n);
            case EQUAL -> rows.binary(Binary.EQUAL, a, b, y, n);
            case SWIGLU -> rows.binary(Binary.SWIGLU, a, b, y, n);
            case SILU_GRADIENT -> rows.binary(Binary.SILU_GRADIENT, a, b, y, n);
            case SELECT -> rows.select(a, b, at[arguments.get(2)], y, n);
            case COPY -> rows.copy(a, y, n);
            case CONSTANT, INT_CONSTANT -> constant(instruction, y, n);
            default -> Integers.apply(instruction.function(), a, b, y, n);
        }
    }
}

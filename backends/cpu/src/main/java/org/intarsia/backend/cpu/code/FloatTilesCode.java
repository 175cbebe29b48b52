package org.intarsia.backend.cpu.code;

/** Writes the function that multiplies strips of rows with a panel of columns, both in F32; see {@link FloatTiles}. */
final class FloatTilesCode extends TilesCode {
    // Saved registers, and one that is free.
    private static final int AT_A = 0;
    private static final int DEPTH_LEFT = 3;
    private static final int AT_PANEL = 5;
    private static final int RESULT_ROW = 14;
    private static final int STRIPS = 15;
    /** Bytes that they take on the stack. */
    private static final int SAVED = 4 * 8;
    /** Steps of the inner dimension that are written out one after the other. */
    private static final int UNROLLED = 4;

    /** Names what becomes of the result that is there. */
    enum Use {
        /** It is written over. */
        NONE,
        /** The sums are added to it. */
        ADDED,
        /** The chains of multiply-adds go on from it. */
        CONTINUED
    }

    private final Assembler code;
    private final int rows;
    private final int vectors;
    private final int vectorBytes;
    // Vectors: the sums of row r and vector v are vectors · r + v.
    private final int firstPanel;
    private final int firstNumber;
    /** Vectors that numbers of the left operand take turns in. */
    private final int numbers;

    private FloatTilesCode(Assembler code, InstructionSet instructions, int rows, int vectors) {
        super(code);
        this.code = code;
        this.rows = rows;
        this.vectors = vectors;
        vectorBytes = 4 * instructions.lanes();
        firstPanel = MOST_ROWS * FloatTiles.vectors(instructions);
        firstNumber = firstPanel + FloatTiles.vectors(instructions);
        numbers = FloatTiles.vectors(instructions);
    }

    /**
     * Writes the function.
     *
     * @param instructions {@link InstructionSet#AVX2} or {@link InstructionSet#AVX512}
     * @param rows         of a strip, 1 to 6
     * @param vectors      at least 1, at most {@link FloatTiles#vectors}
     * @param use          of the result that is there
     */
    static byte[] of(InstructionSet instructions, int rows, int vectors, Use use) {
        return new FloatTilesCode(Assembler.of(instructions), instructions, rows, vectors).write(use);
    }

    private byte[] write(Use use) {
        code.push(DEPTH_LEFT);
        code.push(AT_PANEL);
        code.push(RESULT_ROW);
        code.push(STRIPS);
        code.stackArgument(RESULT_ROW, SAVED);
        code.stackArgument(STRIPS, SAVED + 8);
        rowDistances();
        int nextStrip = code.here();
        code.mov(AT_A, A);
        code.mov(AT_PANEL, PANEL);
        if (use == Use.CONTINUED) {
            load();
        } else {
            for (int sum = 0; sum < rows * vectors; sum++) {
                code.clear(sum);
            }
        }
        code.shiftRight(DEPTH_LEFT, DEPTH, Integer.numberOfTrailingZeros(UNROLLED));
        int toRest = code.skipIfZero();
        int nextSteps = code.here();
        for (int step = 0; step < UNROLLED; step++) {
            step(step);
        }
        code.add(AT_PANEL, UNROLLED * vectors * vectorBytes);
        code.loop(DEPTH_LEFT, nextSteps);
        code.land(toRest);
        code.remainder(DEPTH_LEFT, DEPTH, UNROLLED);
        int toEnd = code.skipIfZero();
        int nextStep = code.here();
        step(0);
        code.add(AT_PANEL, vectors * vectorBytes);
        code.loop(DEPTH_LEFT, nextStep);
        code.land(toEnd);
        for (int row = 0; row < rows; row++) {
            for (int vector = 0; vector < vectors; vector++) {
                int sum = row * vectors + vector;
                if (use == Use.ADDED) {
                    code.vaddps(sum, sum, RESULT, vector * vectorBytes);
                }
                code.storeVmovups(RESULT, vector * vectorBytes, sum);
            }
            code.addRegister(RESULT, RESULT_ROW);
            code.addRegister(A, A_ROW);
        }
        code.loop(STRIPS, nextStrip);
        code.pop(STRIPS);
        code.pop(RESULT_ROW);
        code.pop(AT_PANEL);
        code.pop(DEPTH_LEFT);
        code.vzeroupper();
        code.ret();
        return code.bytes();
    }

    /** Loads the sums of a strip. */
    private void load() {
        code.mov(DEPTH_LEFT, RESULT);
        for (int row = 0; row < rows; row++) {
            for (int vector = 0; vector < vectors; vector++) {
                code.vmovups(row * vectors + vector, DEPTH_LEFT, vector * vectorBytes);
            }
            code.addRegister(DEPTH_LEFT, RESULT_ROW);
        }
    }

    /** Adds the products of one step along the inner dimension, whose row of the panel is the {@code ahead}th from here. */
    private void step(int ahead) {
        for (int vector = 0; vector < vectors; vector++) {
            code.vmovups(firstPanel + vector, AT_PANEL, (ahead * vectors + vector) * vectorBytes);
        }
        for (int row = 0; row < rows; row++) {
            int number = firstNumber + row % numbers;
            code.vbroadcastss(number, AT_A, index(row), factor(row));
            for (int vector = 0; vector < vectors; vector++) {
                code.vfmadd231ps(row * vectors + vector, firstPanel + vector, number);
            }
        }
        code.addRegister(AT_A, A_STEP);
    }
}

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
    // Vectors: the sums of row r and vector v are vectors · r + v.
    private static final int FIRST_PANEL = 12;
    private static final int FIRST_A = 14;
    private static final int VECTOR_BYTES = 32;
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

    private final Avx2Assembler code;
    private final int rows;
    private final int vectors;

    private FloatTilesCode(Avx2Assembler code, int rows, int vectors) {
        super(code);
        this.code = code;
        this.rows = rows;
        this.vectors = vectors;
    }

    /**
     * Writes the function.
     *
     * @param rows    of a strip, 1 to 6
     * @param vectors of 8 columns each, 1 or 2
     * @param use     of the result that is there
     */
    static byte[] of(int rows, int vectors, Use use) {
        return new FloatTilesCode(new Avx2Assembler(), rows, vectors).write(use);
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
                code.vpxor(sum, sum, sum);
            }
        }
        code.shiftRight(DEPTH_LEFT, DEPTH, Integer.numberOfTrailingZeros(UNROLLED));
        int toRest = code.skipIfZero();
        int nextSteps = code.here();
        for (int step = 0; step < UNROLLED; step++) {
            step(step);
        }
        code.add(AT_PANEL, UNROLLED * vectors * VECTOR_BYTES);
        code.loop(DEPTH_LEFT, nextSteps);
        code.land(toRest);
        code.remainder(DEPTH_LEFT, DEPTH, UNROLLED);
        int toEnd = code.skipIfZero();
        int nextStep = code.here();
        step(0);
        code.add(AT_PANEL, vectors * VECTOR_BYTES);
        code.loop(DEPTH_LEFT, nextStep);
        code.land(toEnd);
        for (int row = 0; row < rows; row++) {
            for (int vector = 0; vector < vectors; vector++) {
                int sum = row * vectors + vector;
                if (use == Use.ADDED) {
                    code.vaddps(sum, sum, RESULT, vector * VECTOR_BYTES);
                }
                code.storeVmovups(RESULT, vector * VECTOR_BYTES, sum);
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
                code.vmovdqu(row * vectors + vector, DEPTH_LEFT, vector * VECTOR_BYTES);
            }
            code.addRegister(DEPTH_LEFT, RESULT_ROW);
        }
    }

    /** Adds the products of one step along the inner dimension, whose row of the panel is the {@code ahead}th from here. */
    private void step(int ahead) {
        for (int vector = 0; vector < vectors; vector++) {
            code.vmovdqu(FIRST_PANEL + vector, AT_PANEL, (ahead * vectors + vector) * VECTOR_BYTES);
        }
        for (int row = 0; row < rows; row++) {
            int number = FIRST_A + row % 2;
            code.vbroadcastss(number, AT_A, index(row), factor(row));
            for (int vector = 0; vector < vectors; vector++) {
                code.vfmadd231ps(row * vectors + vector, FIRST_PANEL + vector, number);
            }
        }
        code.addRegister(AT_A, A_STEP);
    }
}

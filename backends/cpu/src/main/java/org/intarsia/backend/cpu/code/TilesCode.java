package org.intarsia.backend.cpu.code;

/**
 * What functions that multiply a strip of rows with a panel of columns have in common: where their arguments are, and how the rows of
 * the left operand are addressed. The sums of a strip stay in registers; each is a chain along the inner dimension, so its bits do not
 * depend on the size of the strip.
 */
abstract class TilesCode {
    /** The most rows of a strip. */
    static final int MOST_ROWS = 6;
    // Arguments; the result's rows and what follows are on the stack.
    static final int A = 7;
    static final int A_ROW = 6;
    static final int A_STEP = 2;
    static final int DEPTH = 1;
    static final int PANEL = 8;
    static final int RESULT = 9;
    // Free for use.
    static final int THREE_ROWS = 10;
    static final int FIVE_ROWS = 11;

    private final Assembler code;

    TilesCode(Assembler code) {
        this.code = code;
    }

    /** Prepares the distances that {@link #index} names. */
    final void rowDistances() {
        code.shiftLeft(THREE_ROWS, A_ROW, 1);
        code.shiftLeft(FIVE_ROWS, A_ROW, 2);
        code.addRegister(THREE_ROWS, A_ROW);
        code.addRegister(FIVE_ROWS, A_ROW);
    }

    /** The register that, times {@link #factor}, is the distance to one of six rows. */
    static int index(int row) {
        return switch (row) {
            case 3 -> THREE_ROWS;
            case 5 -> FIVE_ROWS;
            default -> A_ROW;
        };
    }

    static int factor(int row) {
        return row == 3 || row == 5 ? 1 : row;
    }
}

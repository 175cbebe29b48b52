package org.intarsia.backend.cpu.code;

/** Products of rows with panels of columns, by machine code. Safe for use by several threads. */
public interface Tiles {
    /** Columns of a vector. */
    int lanes();

    /**
     * Multiplies. Takes microseconds for some dozen rows; a garbage collection waits for it.
     *
     * @param accumulate whether to add to what is at {@code c}
     * @param rows       at least 1
     * @param vectors    of the panel, from 1 to as many as the code has registers for
     * @param a          the address of the first row; rows lie {@code aRow}, steps of the inner dimension {@code aStep} bytes apart
     * @param depth      steps of the inner dimension, at least 1
     * @param b          the address of the panel, whose steps follow one another
     * @param c          the address of the result in F32, whose rows lie {@code cRow} bytes apart
     */
    void multiply(boolean accumulate, int rows, int vectors, long a, long aRow, long aStep, long depth, long b, long c, long cRow);
}

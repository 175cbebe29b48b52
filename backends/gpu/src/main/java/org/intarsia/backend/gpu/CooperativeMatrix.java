package org.intarsia.backend.gpu;

/**
 * Matrices that the threads of a subgroup hold and multiply together: F16 times F16, added up in F32.
 *
 * @param rows     of the left factor and of the sum
 * @param columns  of the right factor and of the sum
 * @param depth    columns of the left and rows of the right factor
 * @param subgroup threads that hold one
 */
public record CooperativeMatrix(int rows, int columns, int depth, int subgroup) {

    /** Memory that a group takes in {@code matMulCooperative.kernel}: four F16 slices and four results. */
    public int sharedBytes() {
        int pitch = 2 * depth + 8;
        return 2 * Short.BYTES * pitch * (4 * rows + 8 * columns) + Float.BYTES * 4 * rows * columns + 32;
    }
}

package org.intarsia.graph;

/**
 * The scales of a block's groups that lose least: each is found by trying a few scales near the one that just spans the
 * group, rounding with it, and then fitting the scale (and the minimum) to the rounded levels by least squares. Larger
 * values count more, as errors in them do more harm.
 *
 * @param minima what is taken off each value of a group, never negative; all 0 for groups around 0
 */
record GroupScales(float[] scales, float[] minima) {
    private static final int ELEMENTS = 256;

    /** Eight groups of 32, levels from 0 to 15: value ≈ scale · level - minimum. */
    static GroupScales withMinima(float[] source, int from) {
        GroupScales found = new GroupScales(new float[8], new float[8]);
        for (int group = 0; group < 8; group++) {
            found.fitWithMinimum(group, source, from + 32 * group);
        }
        return found;
    }

    /** Sixteen groups of 16, levels from -32 to 31: value ≈ scale · level. */
    static GroupScales around0(float[] source, int from) {
        float[] scales = new float[16];
        for (int group = 0; group < 16; group++) {
            scales[group] = fitAround0(source, from + ELEMENTS / 16 * group);
        }
        return new GroupScales(scales, new float[16]);
    }

    /** The one of largest magnitude, with its sign. */
    float largestScale() {
        return largest(scales);
    }

    float largestMinimum() {
        return largest(minima);
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Math.abs(value) > Math.abs(largest) ? value : largest;
        }
        return largest;
    }

    private void fitWithMinimum(int group, float[] values, int from) {
        float least = 0;
        float most = Float.NEGATIVE_INFINITY;
        double squares = 0;
        for (int i = from; i < from + 32; i++) {
            least = Math.min(least, values[i]);
            most = Math.max(most, values[i]);
            squares += (double) values[i] * values[i];
        }
        double range = (double) most - least;
        Line best = new Line(range / 15, least, Double.POSITIVE_INFINITY);
        // From a little coarser than needed to a little finer, which cuts off the outermost values.
        for (int step = 0; range > 0 && step <= 20; step++) {
            Line line = Line.fit(values, from, least, (14 + 0.1 * step) / range, Math.sqrt(squares / 32));
            best = line.error() < best.error() ? line : best;
        }
        scales[group] = (float) best.scale();
        minima[group] = (float) -best.minimum();
    }

    /** value ≈ scale · level + minimum, and how far off that is. */
    private record Line(double scale, double minimum, double error) {

        /** The best line for the levels that {@code finest} gives, counted from {@code least}. */
        static Line fit(float[] values, int from, float least, double finest, double typical) {
            int[] levels = new int[32];
            double weight = 0;
            double ofLevels = 0;
            double ofSquares = 0;
            double ofValues = 0;
            double ofProducts = 0;
            for (int i = 0; i < levels.length; i++) {
                float value = values[from + i];
                int level = Math.clamp((int) (finest * ((double) value - least) + 0.5), 0, 15);
                double important = typical + Math.abs(value);
                weight += important;
                ofLevels += important * level;
                ofSquares += important * level * level;
                ofValues += important * value;
                ofProducts += important * level * value;
                levels[i] = level;
            }
            double determinant = weight * ofSquares - ofLevels * ofLevels;
            double scale = (weight * ofProducts - ofValues * ofLevels) / determinant;
            double minimum = (ofSquares * ofValues - ofLevels * ofProducts) / determinant;
            if (minimum > 0) {
                // The format only takes off, so the line has to go through 0.
                minimum = 0;
                scale = ofProducts / ofSquares;
            }
            double error = 0;
            for (int i = 0; i < levels.length; i++) {
                double off = scale * levels[i] + minimum - values[from + i];
                error += (typical + Math.abs(values[from + i])) * off * off;
            }
            // All values on one level determine no line: then this is not a number, and no better than what there is.
            return new Line(scale, minimum, error);
        }
    }

    private static float fitAround0(float[] values, int from) {
        int to = from + 16;
        float largest = 0;
        for (int i = from; i < to; i++) {
            largest = Math.abs(values[i]) > Math.abs(largest) ? values[i] : largest;
        }
        if (largest == 0) {
            return 0;
        }
        double found = largest / -32.0;
        double best = 0;
        for (int step = -9; step <= 9; step++) {
            double levels = -(32 + 0.1 * step);
            double ofProducts = 0;
            double ofSquares = 0;
            for (int i = from; i < to; i++) {
                double important = (double) values[i] * values[i];
                long level = Math.clamp(Math.round(levels * values[i] / largest), -32, 31);
                ofProducts += important * level * values[i];
                ofSquares += important * level * level;
            }
            // What a fitted scale explains of the values; the rest is the error.
            if (ofSquares > 0 && ofProducts * ofProducts > best * ofSquares) {
                best = ofProducts * ofProducts / ofSquares;
                found = ofProducts / ofSquares;
            }
        }
        return (float) found;
    }
}

package org.intarsia.engine.pipeline;

import java.util.List;
import org.intarsia.model.api.TokenRow;

/**
 * The streams that one request runs at the same time: its own, and those that guide it. The scores of the next token are
 * the sum of each row's, times its weight; the token is then added to every row.
 *
 * @param prompt  the tokens given to the request's own stream
 * @param rows    the tokens of each stream that counts so far
 * @param weights how much each counts; together they make 1
 */
public record GuidanceBatch(List<Integer> prompt, List<TokenRow> rows, double[] weights) {

    /** Returns a stream that nothing guides. */
    public static GuidanceBatch alone(TokenRow row) {
        return new GuidanceBatch(row.list(), List.of(row), new double[] {1});
    }

    /** Returns the mixed scores of the rows. */
    public float[] mix(float[][] logits) {
        if (rows.size() == 1 && weights[0] == 1) {
            return logits[0];
        }
        float[] mixed = new float[logits[0].length];
        for (int i = 0; i < mixed.length; i++) {
            double sum = 0;
            for (int row = 0; row < weights.length; row++) {
                sum += weights[row] * logits[row][i];
            }
            mixed[i] = (float) sum;
        }
        return mixed;
    }
}

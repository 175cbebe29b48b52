package org.intarsia.picturebook;

/**
 * How often each task and language comes. The weights need not add up to one.
 *
 * @param german the share of German among all samples, from 0 to 1
 */
public record Mixture(double imagine, double describe, double answer, double edit, double german) {
    /** More pictures than words, because pictures are the harder part; both languages alike. */
    public static final Mixture STANDARD = new Mixture(0.45, 0.15, 0.15, 0.25, 0.5);

    public Mixture {
        if (!(imagine >= 0 && describe >= 0 && answer >= 0 && edit >= 0 && imagine + describe + answer + edit > 0)) {
            throw new IllegalArgumentException("the weights of a mixture must not be negative, nor all zero");
        }
        if (!(german >= 0 && german <= 1)) {
            throw new IllegalArgumentException("the share of German is " + german + ": give a number from 0 to 1");
        }
    }

    double[] weights() {
        return new double[] {imagine, describe, answer, edit};
    }
}

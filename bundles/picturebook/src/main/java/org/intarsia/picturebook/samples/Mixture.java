package org.intarsia.picturebook.samples;

/**
 * How often each task and language comes. The weights need not add up to one.
 *
 * @param german the share of German among all samples, from 0 to 1
 * @param simple the share, among the pictures to make, of those with one look alone whose colour is said, and often its
 *               size and the background too: what words mean is learnt from these first; from 0 to 1
 */
public record Mixture(double imagine, double describe, double answer, double edit, double german, double simple) {
    /** More pictures than words, because pictures are the harder part; both languages alike. */
    public static final Mixture STANDARD = new Mixture(0.45, 0.15, 0.15, 0.25, 0.5, 0);

    public Mixture {
        if (!(imagine >= 0 && describe >= 0 && answer >= 0 && edit >= 0 && imagine + describe + answer + edit > 0)) {
            throw new IllegalArgumentException("the weights of a mixture must not be negative, nor all zero");
        }
        checkShare("German", german);
        checkShare("simple pictures", simple);
    }

    private static void checkShare(String what, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("the share of " + what + " is " + share + ": give a number from 0 to 1");
        }
    }

    double[] weights() {
        return new double[] {imagine, describe, answer, edit};
    }
}

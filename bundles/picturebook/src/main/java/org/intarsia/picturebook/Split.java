package org.intarsia.picturebook;

/** Which samples a {@link SampleSource} draws. */
public enum Split {
    /** For training. */
    TRAIN(Looks.TRAINED),
    /** Drawn as for training, from other random numbers. */
    VALIDATION(Looks.TRAINED),
    /** About the looks that training never shows. */
    HELD_OUT(Looks.HELD_OUT);

    private final Looks looks;

    Split(Looks looks) {
        this.looks = looks;
    }

    Looks looks() {
        return looks;
    }
}

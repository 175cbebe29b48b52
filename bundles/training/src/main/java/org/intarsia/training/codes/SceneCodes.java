package org.intarsia.training.codes;

import org.intarsia.picturebook.world.Scene;

/** Tells which codes a picture of a scene has. Safe for use by several threads. */
public interface SceneCodes {
    /**
     * The codes, row by row.
     *
     * @param pixels what the scene looks like: (3, height, width), −1 to 1
     */
    int[] of(Scene scene, float[] pixels);
}

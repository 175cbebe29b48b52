package org.intarsia.picturebook.pictures;

import java.util.List;
import java.util.Optional;
import org.intarsia.picturebook.world.Scene;

/**
 * The things that a {@link Reader} sees in a picture.
 *
 * @param scene  the background and all things that it recognised
 * @param strays what it saw beside them and could not recognise
 */
public record Reading(Scene scene, List<Stray> strays) {
    public Reading {
        strays = List.copyOf(strays);
    }

    /** The scene, if the picture shows it and nothing else. */
    public Optional<Scene> clean() {
        return strays.isEmpty() ? Optional.of(scene) : Optional.empty();
    }

    /**
     * A blob that is no thing of this world.
     *
     * @param x      where it begins, in pixels from the left
     * @param y      where it begins, in pixels from the top
     * @param pixels how many it covers
     */
    public record Stray(int x, int y, int pixels) {
    }
}

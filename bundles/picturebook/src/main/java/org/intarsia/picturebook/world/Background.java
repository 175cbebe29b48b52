package org.intarsia.picturebook.world;

/** The place or time of a scene: one flat colour behind everything, which the {@link World} says. */
public enum Background {
    DAY, NIGHT, MEADOW, SEA, SUNSET, DESERT
}

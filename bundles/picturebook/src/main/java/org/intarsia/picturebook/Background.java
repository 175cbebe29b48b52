package org.intarsia.picturebook;

/** Where or when a scene plays: one flat colour behind everything, which the {@link World} says. */
public enum Background {
    DAY, NIGHT, MEADOW, SEA, SUNSET, DESERT
}

package org.intarsia.picturebook;

/**
 * What a thing is. To add a kind, add it here, draw its outline in {@link Silhouettes} and name it in
 * {@link English} and {@link German}; everything else follows.
 */
public enum Kind {
    CIRCLE, SQUARE, TRIANGLE, STAR, HEART, HOUSE, TREE, BOAT
}

package org.intarsia.backend.api;

/**
 * What a device can do at most, as measured, to compare a rate with.
 *
 * @param floatOperations F32 operations a second, on registers alone; a multiply-add counts as two
 * @param bytes           bytes a second while memory is copied that no cache holds; those read and those written count
 */
public record Limits(double floatOperations, double bytes) {
}

package org.intarsia.engine.api;

/**
 * A model that an installed bundle holds.
 *
 * @param name   what users type
 * @param bundle symbolic name and version of the bundle
 * @param bytes  how much its files take
 * @param chosen whether it is the model that is meant when none is named
 * @param opened how many hold it open now
 */
public record ModelInfo(String name, String bundle, long bytes, boolean chosen, int opened) {
}

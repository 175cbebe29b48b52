package org.intarsia.weights.tool;

import java.util.Arrays;
import org.intarsia.graph.Encoding;
import org.intarsia.weights.TensorInfo;

/** Whether a tensor's values can be read. */
final class Usable {
    private Usable() {
    }

    static boolean is(TensorInfo tensor) {
        return Arrays.stream(Encoding.values()).anyMatch(encoding -> encoding.name().equals(tensor.encoding()));
    }
}

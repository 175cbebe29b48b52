package org.intarsia.backend.cpu.kernel;

/** A loop that does nothing but fused multiply-adds on registers: no other loop of float operations can be faster. */
public interface PeakKernel {

    /** The float operations of one {@link #run}; a multiply-add counts as two. */
    long operations();

    /** Runs once; what it returns only keeps the compiler from leaving the work out. */
    float run();
}

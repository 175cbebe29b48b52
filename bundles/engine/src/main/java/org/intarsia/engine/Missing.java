package org.intarsia.engine;

/** What is thrown where a service is needed that is not there at the moment. */
interface Missing {

    /** Whether it was there before, so that it may come again. */
    boolean departed();
}

package org.intarsia.engine;

import java.util.Optional;

/** What is thrown where a service is needed that is not there at the moment. */
interface Missing {

    /**
     * Returns what was there before and has left, with its bundle, in one clause: it may come again, for example when its
     * bundle is only restarted or updated. Nothing where there was none.
     */
    Optional<String> departed();
}

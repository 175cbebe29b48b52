package org.intarsia.graph;

/** A graph that cannot be built, bound or evaluated; the message names the op, what it expected and what came. */
public class GraphException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public GraphException(String message) {
        super(message);
    }
}

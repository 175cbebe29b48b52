package org.intarsia.http;

import java.util.ArrayList;
import java.util.List;

/** The moment at which a client went away, and what is to happen then. Safe for use by several threads. */
final class Disconnect {
    private final List<Runnable> actions = new ArrayList<>();
    private boolean happened;

    synchronized boolean hasHappened() {
        return happened;
    }

    /** Runs an action when the client goes, or at once where it has gone. */
    void then(Runnable action) {
        synchronized (this) {
            if (!happened) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    /** Runs the actions, the first time. */
    void happen() {
        List<Runnable> todo;
        synchronized (this) {
            happened = true;
            todo = List.copyOf(actions);
            actions.clear();
        }
        todo.forEach(Runnable::run);
    }
}

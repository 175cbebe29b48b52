package org.intarsia.shell.command;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Lines that hang on one another.
 *
 * @param line what stands at this place
 * @param branches what hangs on it
 */
record Tree(String line, List<Tree> branches) {
    /** A line that nothing hangs on. */
    static Tree leaf(String line) {
        return new Tree(line, List.of());
    }

    /** The branches of this tree, drawn below one another; its own line is left out. */
    String draw() {
        List<String> lines = new ArrayList<>();
        for (Tree branch : branches) {
            lines.add(branch.line);
            branch.hang("", lines);
        }
        return String.join("\n", lines);
    }

    private void hang(String indent, List<String> lines) {
        for (Iterator<Tree> rest = branches.iterator(); rest.hasNext();) {
            Tree branch = rest.next();
            lines.add(indent + (rest.hasNext() ? "├─ " : "└─ ") + branch.line);
            branch.hang(indent + (rest.hasNext() ? "│  " : "   "), lines);
        }
    }
}

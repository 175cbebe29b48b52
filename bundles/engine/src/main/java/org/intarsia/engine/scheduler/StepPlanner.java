package org.intarsia.engine.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;

/**
 * Chooses what the next step of a model reads: first the last token of each stream that has been read up to it, so that who
 * generates is never held up, and then prompts, first come first served, as many tokens of them as there is room for.
 */
final class StepPlanner {
    private static final int[] NOTHING = {};

    private final StepRunner runner;

    /** A piece, and who asked for it. */
    record Planned(Asked asked, Piece piece) {
    }

    StepPlanner(StepRunner runner) {
        this.runner = runner;
    }

    /**
     * Plans a step. Some piece is planned where anybody asks and anybody finds room.
     *
     * @param waiting  who asks, the one to be served first in front; none is answered yet
     * @param prompts  gives the most tokens of prompts beside so many streams that generate, at least 1 beside none
     * @param makeRoom is called where a stream finds no room in the cache; true where some has been made, so that it tries again.
     *                 Where it is false, the stream is left out
     */
    List<Planned> plan(List<Asked> waiting, IntUnaryOperator prompts, Predicate<Asked> makeRoom) {
        List<Planned> planned = new ArrayList<>();
        List<Asked> longer = new ArrayList<>();
        int tokens = 0;
        int scored = 0;
        for (Asked asked : waiting) {
            Sequence sequence = runner.sequence(asked.row());
            sequence.settle();
            if (sequence.pending() > 1) {
                longer.add(asked);
                continue;
            }
            int[] proposed = proposed(asked, sequence);
            int size = 1 + proposed.length;
            if (tokens + size <= runner.mostTokens() && scored + size <= runner.mostScored() && reserved(asked, size, makeRoom)) {
                planned.add(new Planned(asked, new Piece(sequence, 1, proposed, asked.head())));
                tokens += size;
                scored += size;
            }
        }
        int left = Math.min(prompts.applyAsInt(planned.size()), runner.mostTokens() - tokens);
        List<Sequence> begun = new ArrayList<>();
        for (Asked asked : longer) {
            Sequence sequence = runner.sequence(asked.row());
            // Room for others may have been made at its cost: then it is read from its begin.
            sequence.settle();
            int count = Math.min(sequence.pending(), left);
            boolean tooMany = count == sequence.pending() && scored == runner.mostScored();
            // Of streams that go on alike one is read; the others find that in the cache one step later.
            if (count == 0 || tooMany || begun.stream().anyMatch(sequence::waitsFor) || !reserved(asked, count, makeRoom)) {
                continue;
            }
            Piece piece = new Piece(sequence, count, NOTHING, asked.head());
            planned.add(new Planned(asked, piece));
            begun.add(sequence);
            left -= count;
            scored += piece.scored();
        }
        // A piece that was planned before room was made at its cost cannot be run.
        planned.removeIf(each -> !each.piece().sequence().covers(each.piece().size()));
        return planned;
    }

    /** What was proposed, where context and step have room for it. */
    private int[] proposed(Asked asked, Sequence sequence) {
        int size = 1 + asked.proposed().length;
        boolean fits = sequence.read() + size <= runner.context() && size <= Math.min(runner.mostTokens(), runner.mostScored());
        return fits ? asked.proposed() : NOTHING;
    }

    private boolean reserved(Asked asked, int tokens, Predicate<Asked> makeRoom) {
        while (!runner.reserve(runner.sequence(asked.row()), tokens)) {
            if (!makeRoom.test(asked)) {
                return false;
            }
        }
        return true;
    }
}

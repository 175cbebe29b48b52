package org.intarsia.backend.cpu.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadTeamTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void eachTaskRunsOnce(int size) {
        try (ThreadTeam team = new ThreadTeam(size)) {
            for (int round = 0; round < 2000; round++) {
                AtomicIntegerArray runs = new AtomicIntegerArray(round % 17 + 1);
                if (round % 5 == 0) {
                    team.enter();
                }
                team.run(runs.length(), (index, worker) -> runs.incrementAndGet(index));
                for (int i = 0; i < runs.length(); i++) {
                    assertThat(runs.get(i)).isOne();
                }
                if (round % 5 == 4) {
                    team.leave();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void piecesCoverTheWhole(int size) {
        try (ThreadTeam team = new ThreadTeam(size)) {
            for (int count : new int[] {0, 1, 7, 64, 1000}) {
                AtomicIntegerArray seen = new AtomicIntegerArray(count);
                team.split(count, 3, (first, last, worker) -> {
                    for (long i = first; i < last; i++) {
                        seen.incrementAndGet((int) i);
                    }
                });
                for (int i = 0; i < count; i++) {
                    assertThat(seen.get(i)).isOne();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aFailureReachesTheCallerAndTheTeamGoesOn(int size) {
        try (ThreadTeam team = new ThreadTeam(size)) {
            for (int round = 0; round < 50; round++) {
                assertThatThrownBy(() -> team.run(8, (index, worker) -> {
                    if (index == 5) {
                        throw new IllegalStateException("task 5");
                    }
                })).isInstanceOf(IllegalStateException.class).hasMessage("task 5");
                AtomicIntegerArray runs = new AtomicIntegerArray(8);
                team.run(8, (index, worker) -> runs.incrementAndGet(index));
                for (int i = 0; i < 8; i++) {
                    assertThat(runs.get(i)).isOne();
                }
            }
        }
    }

    @Test
    void aTeamOfOneStaysOnTheCaller() {
        Thread caller = Thread.currentThread();
        try (ThreadTeam team = new ThreadTeam(1)) {
            team.run(5, (index, worker) -> assertThat(Thread.currentThread()).isSameAs(caller));
        }
    }
}

package org.intarsia.backend.vulkan;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import org.intarsia.backend.gpu.Driver;
import org.junit.jupiter.api.Test;

/** Which dispatches wait for which. */
class DispatchWavesTest {
    private final Driver.Memory one = new Block(64);
    private final Driver.Memory other = new Block(64);

    @Test
    void whoReadsWaitsForWhoWrote() {
        Driver.Dispatch write = dispatch(all(one), all(other));
        Driver.Dispatch read = dispatch(all(other), all(new Block(64)));
        assertThat(DispatchWaves.of(List.of(write, read))).containsExactly(List.of(write), List.of(read));
    }

    @Test
    void whoWritesWaitsForWhoReads() {
        Driver.Dispatch read = dispatch(all(one), all(other));
        Driver.Dispatch write = dispatch(all(new Block(64)), all(one));
        assertThat(DispatchWaves.of(List.of(read, write))).containsExactly(List.of(read), List.of(write));
    }

    @Test
    void whoOverwritesWaitsForWhoWrote() {
        Driver.Dispatch first = dispatch(all(one), all(other));
        Driver.Dispatch second = dispatch(all(one), all(other));
        assertThat(DispatchWaves.of(List.of(first, second))).containsExactly(List.of(first), List.of(second));
    }

    @Test
    void whoReadsTheSameRunsAtTheSameTime() {
        Driver.Dispatch left = dispatch(all(one), all(other));
        Driver.Dispatch right = dispatch(all(one), all(new Block(64)));
        assertThat(DispatchWaves.of(List.of(left, right))).containsExactly(List.of(left, right));
    }

    @Test
    void partsOfOneMemoryThatDoNotMeetAreApart() {
        Driver.Dispatch low = dispatch(part(one, 0, 16), part(one, 16, 16));
        Driver.Dispatch high = dispatch(part(one, 32, 16), part(one, 48, 16));
        Driver.Dispatch across = dispatch(part(one, 28, 8), all(other));
        Driver.Dispatch meeting = dispatch(part(one, 28, 8), part(one, 0, 64));
        assertThat(DispatchWaves.of(List.of(low, high, across))).containsExactly(List.of(low, high), List.of(across));
        assertThat(DispatchWaves.of(List.of(low, high, meeting))).containsExactly(List.of(low, high), List.of(meeting));
    }

    @Test
    void whoWaitsForNobodyMovesAheadOfWhoDoes() {
        Driver.Dispatch first = dispatch(all(one), all(other));
        Driver.Dispatch second = dispatch(all(other), all(new Block(64)));
        Driver.Dispatch free = dispatch(all(one), all(new Block(64)));
        assertThat(DispatchWaves.of(List.of(first, second, free))).containsExactly(List.of(first, free), List.of(second));
    }

    /** What overwrote something stands for all that was done to it before. */
    @Test
    void whatWasOverwrittenIsNotForgotten() {
        Driver.Dispatch read = dispatch(all(one), all(new Block(64)));
        Driver.Dispatch inPlace = dispatch(all(one), all(one));
        Driver.Dispatch again = dispatch(all(one), all(new Block(64)));
        Driver.Dispatch last = dispatch(all(new Block(64)), part(one, 60, 4));
        assertThat(DispatchWaves.of(List.of(read, inPlace, again, last)))
                .containsExactly(List.of(read), List.of(inPlace), List.of(again), List.of(last));
    }

    private static Driver.Dispatch dispatch(Driver.Binding read, Driver.Binding written) {
        return new Driver.Dispatch(new Driver.Kernel() { }, List.of(read, written), Set.of(1), 0);
    }

    private static Driver.Binding all(Driver.Memory memory) {
        return part(memory, 0, memory.bytes());
    }

    private static Driver.Binding part(Driver.Memory memory, long offset, long bytes) {
        return new Driver.Binding(memory, offset, bytes);
    }

    /** No record, since memory is told apart by what it is, not by its size. */
    private static final class Block implements Driver.Memory {
        private final long bytes;

        Block(long bytes) {
            this.bytes = bytes;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public void write(long offset, MemorySegment source) {
            throw new UnsupportedOperationException("nothing is written here");
        }

        @Override
        public void read(long offset, MemorySegment target) {
            throw new UnsupportedOperationException("nothing is read here");
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }
}

package org.intarsia.picturebook.grading;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The judgement on one picture or one answer.
 *
 * @param faults empty if it is right
 */
public record Verdict(List<Fault> faults) {
    public Verdict {
        faults = List.copyOf(faults);
    }

    static Verdict of(Fault.Type type, String reason) {
        return new Verdict(List.of(new Fault(type, reason)));
    }

    public boolean passed() {
        return faults.isEmpty();
    }

    /** Whether there is a fault of this type. */
    public boolean has(Fault.Type type) {
        return faults.stream().anyMatch(fault -> fault.type() == type);
    }

    /** For an edit: whether that was done which was asked for, whatever else may have changed. */
    public boolean correct() {
        return faults.stream().allMatch(fault -> fault.type() == Fault.Type.PRESERVATION);
    }

    /** For an edit: whether everything else stayed as it was. */
    public boolean preserved() {
        return !has(Fault.Type.PRESERVATION) && !has(Fault.Type.STRAY) && !has(Fault.Type.PICTURE_SIZE);
    }

    /** All reasons in one line; empty if it is right. */
    public String reason() {
        return faults.stream().map(Fault::reason).collect(Collectors.joining("; "));
    }
}

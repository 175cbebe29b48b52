package org.intarsia.chat.python;

import com.hubspot.jinjava.util.HasObjectTruthValue;

/** Python's None. Jinjava has null for what is undefined and for None, which templates tell apart. */
public final class None implements HasObjectTruthValue {
    public static final None NONE = new None();

    private None() {
    }

    @Override
    public boolean getObjectTruthValue() {
        return false;
    }

    @Override
    public String toString() {
        return "None";
    }
}

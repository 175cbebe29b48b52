package org.intarsia.shell.api;

import java.util.Locale;

/** Large numbers in few characters. */
public final class Sizes {
    private Sizes() {
    }

    /** For example {@code 7.0 GB}. */
    public static String bytes(long bytes) {
        return scaled(bytes, " B", " kB", " MB", " GB", " TB");
    }

    /** For example {@code 7.0 B}, for thousands of millions. */
    public static String count(long count) {
        return scaled(count, "", " K", " M", " B", " T");
    }

    /** For example {@code 1 time} and {@code 2,000 times}. */
    public static String counted(long count, String one) {
        return String.format(Locale.ROOT, "%,d %s%s", count, one, count == 1 ? "" : "s");
    }

    private static String scaled(long number, String... units) {
        double value = number;
        int unit = 0;
        while (value >= 999.5 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f%s" : value < 9.95 ? "%.2f%s" : value < 99.5 ? "%.1f%s" : "%.0f%s",
                value, units[unit]);
    }

    /** A line of progress. */
    public static String progress(String what, long done, long of) {
        return String.format(Locale.ROOT, "%3d %% of %s: %s", of == 0 ? 100 : done * 100 / of, bytes(of), what);
    }
}

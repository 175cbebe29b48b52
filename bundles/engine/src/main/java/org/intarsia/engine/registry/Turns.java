package org.intarsia.engine.registry;

import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;

/**
 * Lets a few work at a time. The oldest who want to work take turns with each other; younger ones wait until they are among
 * the oldest. So generations do not hold up each other's end, few of them must move when something is swapped, and whoever
 * waits until nobody works does not wait for all. Safe for use by several threads.
 */
final class Turns {
    /** A device computes one thing after the other; meanwhile somebody else gets ready, or chooses a token. */
    private static final int AT_A_TIME = 2;
    /** How many take turns. */
    private static final int ROUND = 8;

    private final TreeSet<Waiter> waiters =
            new TreeSet<>(Comparator.comparingLong(Waiter::age).thenComparingLong(Waiter::arrival));
    private int free = AT_A_TIME;
    private long arrivals;

    private record Waiter(long age, long arrival, CountDownLatch turn) {
    }

    /** Waits for a turn. An interrupt does not end that; it stays set. */
    void take(long age) {
        Waiter waiter;
        synchronized (this) {
            if (free > 0) {
                free--;
                return;
            }
            waiter = new Waiter(age, arrivals++, new CountDownLatch(1));
            waiters.add(waiter);
        }
        boolean interrupted = false;
        while (true) {
            try {
                waiter.turn().await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends a turn. */
    synchronized void giveBack() {
        Waiter next = waiters.stream().limit(ROUND).min(Comparator.comparingLong(Waiter::arrival)).orElse(null);
        if (next == null) {
            free++;
        } else {
            waiters.remove(next);
            next.turn().countDown();
        }
    }

    /** How many wait. */
    synchronized int waiting() {
        return waiters.size();
    }
}

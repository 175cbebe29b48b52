package org.intarsia.backend.cpu.rounding;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.intarsia.backend.api.HostProducts;

/** The place of a library for large products, which may come and go while plans run. Safe for use by several threads. */
public final class ProductLibrary {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private HostProducts products;

    /** Takes a library in place of the one before. Waits for the products that are on their way. */
    public void set(HostProducts library) {
        lock.writeLock().lock();
        try {
            products = library;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Takes the library away, unless another has taken its place. Waits for the products that are on their way: then nobody calls it. */
    public void unset(HostProducts library) {
        lock.writeLock().lock();
        try {
            if (products == library) {
                products = null;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Returns what the library calls itself. */
    public Optional<String> name() {
        lock.readLock().lock();
        try {
            return Optional.ofNullable(products).map(HostProducts::library);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Hands the library to some work, which it stays for; returns false, with nothing done, where there is none. */
    public boolean use(Consumer<HostProducts> work) {
        lock.readLock().lock();
        try {
            if (products == null) {
                return false;
            }
            work.accept(products);
            return true;
        } finally {
            lock.readLock().unlock();
        }
    }
}

package io.hairpin.lab;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What was made and has to be undone, the last first, by whichever thread comes to an end of it.
final class Resources implements AutoCloseable {

    private final Deque<Runnable> endings = new ArrayDeque<>();
    private boolean isClosed;

    /// Makes something that will be undone. Nothing is made any more once this is closed.
    synchronized <T> T keep(Supplier<T> make, Consumer<T> undo) {
        if (isClosed) {
            throw new IllegalStateException("the lab is closed");
        }
        T made = make.get();
        endings.push(() -> undo.accept(made));
        return made;
    }

    synchronized int size() {
        return endings.size();
    }

    /// Undoes what was made since there were so many.
    synchronized void closeDownTo(int size) {
        RuntimeException failure = null;
        while (endings.size() > size) {
            try {
                endings.pop().run();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        closeDownTo(0);
    }
}

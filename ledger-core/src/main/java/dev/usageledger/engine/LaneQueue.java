package dev.usageledger.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What waits in a lane: first in, first out within one key, and the keys take turns, so that one that sends very much
 * waits behind itself and not in front of the others. Whoever has taken something is the only one to take more until it
 * says that others may.
 */
final class LaneQueue<K, E> {
    /** How much of one key goes into a batch while others wait too. */
    private static final int SHARE = 16;

    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Condition> idle = new ArrayDeque<>();
    private final Map<K, Waiting<K, E>> waiting = new HashMap<>();
    private final Queue<Waiting<K, E>> turns = new ArrayDeque<>();
    private @Nullable Thread taker;
    private int size;
    private boolean closed;

    private record Waiting<K, E>(K key, Queue<E> elements) {}

    LaneQueue(int capacity) {
        this.capacity = capacity;
    }

    /** Whether there was room. */
    boolean offer(K key, E element) {
        lock.lock();
        try {
            if (size >= capacity || closed) {
                return false;
            }
            waiting.computeIfAbsent(key, this::takesTurns).elements().add(element);
            size++;
            callNext();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private Waiting<K, E> takesTurns(K key) {
        Waiting<K, E> own = new Waiting<>(key, new ArrayDeque<>());
        turns.add(own);
        return own;
    }

    /**
     * Waits until nobody else is taking and there is something, and takes at most {@code most}; nothing once closed and
     * empty.
     */
    List<E> take(int most) {
        lock.lock();
        try {
            leave();
            while (taker != null || (size == 0 && !closed)) {
                awaitCall();
            }
            taker = Thread.currentThread();
            List<E> batch = poll(most);
            if (batch.isEmpty()) {
                passOn();
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Lets others take what comes next. Who waits for it is not woken before there is something. */
    void passOn() {
        lock.lock();
        try {
            leave();
            callNext();
        } finally {
            lock.unlock();
        }
    }

    /** Whether this thread has taken something, and nobody else may. */
    boolean isTaking() {
        lock.lock();
        try {
            return taker == Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        if (taker == Thread.currentThread()) {
            taker = null;
        }
    }

    private void awaitCall() {
        Condition called = lock.newCondition();
        idle.push(called);
        try {
            called.awaitUninterruptibly();
        } finally {
            idle.remove(called);
        }
    }

    /** Wakes the last who has come to wait: what it needs is still in the caches. */
    private void callNext() {
        Condition last = idle.peek();
        if (last != null && taker == null && (size > 0 || closed)) {
            last.signal();
        }
    }

    /** Takes at most {@code most} of what there is; nothing when there is nothing. */
    List<E> poll(int most) {
        lock.lock();
        try {
            List<E> batch = new ArrayList<>(Math.min(size, most));
            while (size > 0 && batch.size() < most) {
                takeTurn(batch, most);
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void takeTurn(List<E> batch, int most) {
        Waiting<K, E> turn = turns.remove();
        Queue<E> own = turn.elements();
        int share = Math.min(Math.min(SHARE, most - batch.size()), own.size());
        for (int i = 0; i < share; i++) {
            batch.add(own.remove());
        }
        size -= share;
        if (own.isEmpty()) {
            waiting.remove(turn.key());
        } else {
            turns.add(turn);
        }
    }

    /**
     * Gives back what was taken, full or closed as the queue may be: each to its place in {@code order} among what
     * waits under its key.
     */
    void putBack(List<E> elements, Function<? super E, K> key, Comparator<? super E> order) {
        lock.lock();
        try {
            elements.stream()
                    .collect(Collectors.groupingBy(key))
                    .forEach((own, returned) -> putBack(own, returned, order));
            size += elements.size();
            callNext();
        } finally {
            lock.unlock();
        }
    }

    private void putBack(K key, List<E> returned, Comparator<? super E> order) {
        Queue<E> own = waiting.computeIfAbsent(key, this::takesTurns).elements();
        returned.addAll(own);
        returned.sort(order);
        own.clear();
        own.addAll(returned);
    }

    int size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more in; what waits can still be taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            callNext();
        } finally {
            lock.unlock();
        }
    }
}

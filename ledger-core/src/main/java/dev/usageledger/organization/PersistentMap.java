package dev.usageledger.organization;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map in order of its keys: a height-balanced tree whose versions share what they have in common, so that
 * adding to or removing from many thousands of entries copies a dozen. Two maps are equal when their entries are.
 */
final class PersistentMap<K extends Comparable<? super K>, V> implements Iterable<V> {
    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(null, 0);

    private final @Nullable Node<K, V> root;
    private final int size;

    private PersistentMap(@Nullable Node<K, V> root, int size) {
        this.root = root;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // Empty, it holds neither keys nor values.
    static <K extends Comparable<? super K>, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    @Nullable
    V get(K key) {
        Node<K, V> node = root;
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    /** The value of the first key; {@code null} when there is none. */
    @Nullable
    V first() {
        return root == null ? null : Node.first(root).value;
    }

    int size() {
        return size;
    }

    PersistentMap<K, V> with(K key, V value) {
        return new PersistentMap<>(Node.with(root, key, value), get(key) == null ? size + 1 : size);
    }

    PersistentMap<K, V> without(K key) {
        return get(key) == null ? this : new PersistentMap<>(Node.without(root, key), size - 1);
    }

    /** The values, in order of their keys. */
    @Override
    public Iterator<V> iterator() {
        return new InOrder<>(root);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof PersistentMap<?, ?> that) || that.size != size) {
            return false;
        }
        InOrder<?, ?> theirs = new InOrder<>(that.root);
        for (InOrder<K, V> ours = new InOrder<>(root); ours.hasNext(); ) {
            Node<?, ?> one = ours.nextNode();
            Node<?, ?> another = theirs.nextNode();
            if (!one.key.equals(another.key) || !one.value.equals(another.value)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (InOrder<K, V> entries = new InOrder<>(root); entries.hasNext(); ) {
            Node<K, V> entry = entries.nextNode();
            hash = 31 * hash + Objects.hash(entry.key, entry.value);
        }
        return hash;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (InOrder<K, V> entries = new InOrder<>(root); entries.hasNext(); ) {
            Node<K, V> entry = entries.nextNode();
            text.append(entry.key).append('=').append(entry.value).append(entries.hasNext() ? ", " : "");
        }
        return text.append('}').toString();
    }

    private record Node<K extends Comparable<? super K>, V>(
            K key,
            V value,
            @Nullable Node<K, V> left,
            @Nullable Node<K, V> right,
            int height) {

        static <K extends Comparable<? super K>, V> Node<K, V> with(@Nullable Node<K, V> node, K key, V value) {
            if (node == null) {
                return new Node<>(key, value, null, null, 1);
            }
            int order = key.compareTo(node.key);
            if (order == 0) {
                return new Node<>(key, value, node.left, node.right, node.height);
            }
            return order < 0
                    ? balanced(node, with(node.left, key, value), node.right)
                    : balanced(node, node.left, with(node.right, key, value));
        }

        static <K extends Comparable<? super K>, V> @Nullable Node<K, V> without(@Nullable Node<K, V> node, K key) {
            if (node == null) {
                return null;
            }
            int order = key.compareTo(node.key);
            if (order == 0) {
                return merged(node.left, node.right);
            }
            return order < 0
                    ? balanced(node, without(node.left, key), node.right)
                    : balanced(node, node.left, without(node.right, key));
        }

        private static <K extends Comparable<? super K>, V> @Nullable Node<K, V> merged(
                @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
            if (left == null || right == null) {
                return left == null ? right : left;
            }
            Node<K, V> successor = first(right);
            return balanced(successor, left, without(right, successor.key));
        }

        static <K extends Comparable<? super K>, V> Node<K, V> first(Node<K, V> node) {
            Node<K, V> first = node;
            while (first.left != null) {
                first = first.left;
            }
            return first;
        }

        /** The entry of {@code node} above two trees whose heights differ by at most two. */
        private static <K extends Comparable<? super K>, V> Node<K, V> balanced(
                Node<K, V> node, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
            if (left != null && height(left) > height(right) + 1) {
                return height(left.left) >= height(left.right) || left.right == null
                        ? joined(left, left.left, joined(node, left.right, right))
                        : joined(
                                left.right,
                                joined(left, left.left, left.right.left),
                                joined(node, left.right.right, right));
            }
            if (right != null && height(right) > height(left) + 1) {
                return height(right.right) >= height(right.left) || right.left == null
                        ? joined(right, joined(node, left, right.left), right.right)
                        : joined(
                                right.left,
                                joined(node, left, right.left.left),
                                joined(right, right.left.right, right.right));
            }
            return joined(node, left, right);
        }

        private static <K extends Comparable<? super K>, V> Node<K, V> joined(
                Node<K, V> entry, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
            return new Node<>(entry.key, entry.value, left, right, 1 + Math.max(height(left), height(right)));
        }

        private static int height(@Nullable Node<?, ?> node) {
            return node == null ? 0 : node.height;
        }
    }

    private static final class InOrder<K extends Comparable<? super K>, V> implements Iterator<V> {
        private final Deque<Node<K, V>> ahead = new ArrayDeque<>();

        InOrder(@Nullable Node<K, V> root) {
            descend(root);
        }

        private void descend(@Nullable Node<K, V> from) {
            for (Node<K, V> node = from; node != null; node = node.left) {
                ahead.push(node);
            }
        }

        @Override
        public boolean hasNext() {
            return !ahead.isEmpty();
        }

        @Override
        public V next() {
            return nextNode().value;
        }

        Node<K, V> nextNode() {
            if (ahead.isEmpty()) {
                throw new NoSuchElementException();
            }
            Node<K, V> node = ahead.pop();
            descend(node.right);
            return node;
        }
    }
}

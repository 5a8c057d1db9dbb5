package dev.parley.store.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import org.mapdb.DataInput2;
import org.mapdb.DataOutput2;
import org.mapdb.serializer.GroupSerializer;

/**
 * How a handful of keys or values lie in a table's page: two bytes for where each ends, then all of them.
 * A node read back is not taken apart but stays where it lies; only what is asked for is copied out.
 */
abstract class NodeSerializer<A> implements GroupSerializer<A> {
    private static final int END_BYTES = Short.BYTES;

    /** A node in a page. */
    record Node(ByteBuffer page, int position, int count) {
        int start(int index) {
            int first = position + count * END_BYTES;
            return index == 0 ? first : first + end(index - 1);
        }

        int length(int index) {
            return index == 0 ? end(0) : end(index) - end(index - 1);
        }

        private int end(int index) {
            return page.getShort(position + index * END_BYTES) & 0xFFFF;
        }
    }

    @Override
    public final Node valueArrayDeserialize(DataInput2 in, int size) {
        return new Node(in.internalByteBuffer(), in.getPos(), size);
    }

    static void write(DataOutput2 out, byte[][] parts) throws IOException {
        int bytes = parts.length * END_BYTES;
        for (byte[] part : parts) {
            bytes += part.length;
        }
        out.ensureAvail(bytes); // at once, or it would grow, and copy, again and again
        int end = 0;
        for (byte[] part : parts) {
            end += part.length;
            out.writeShort(end);
        }
        for (byte[] part : parts) {
            out.write(part);
        }
    }

    static byte[][] arrays(Object[] parts) {
        byte[][] arrays = new byte[parts.length][];
        for (int i = 0; i < parts.length; i++) {
            arrays[i] = (byte[]) parts[i];
        }
        return arrays;
    }

    // What a table that is only built and read never asks for.

    @Override
    public final void serialize(DataOutput2 out, A value) {
        throw unused();
    }

    @Override
    public final A deserialize(DataInput2 in, int available) {
        throw unused();
    }

    @Override
    public final Object valueArrayEmpty() {
        throw unused();
    }

    @Override
    public final Object valueArrayPut(Object values, int index, A value) {
        throw unused();
    }

    @Override
    public final Object valueArrayUpdateVal(Object values, int index, A value) {
        throw unused();
    }

    @Override
    public final Object valueArrayCopyOfRange(Object values, int from, int to) {
        throw unused();
    }

    @Override
    public final Object valueArrayDeleteValue(Object values, int index) {
        throw unused();
    }

    static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("a table is immutable");
    }

    /** Values: written as arrays, read as slices of the page. */
    static final class Values extends NodeSerializer<Object> {
        @Override
        public Object valueArrayFromArray(Object[] values) {
            return arrays(values);
        }

        @Override
        public void valueArraySerialize(DataOutput2 out, Object values) throws IOException {
            write(out, (byte[][]) values);
        }

        @Override
        public Slice valueArrayGet(Object values, int index) {
            Node node = (Node) values;
            return new Slice(node.page, node.start(index), node.length(index));
        }

        @Override
        public int valueArraySize(Object values) {
            return ((Node) values).count;
        }

        @Override
        public int valueArraySearch(Object values, Object value) {
            throw unused();
        }

        @Override
        @SuppressWarnings("rawtypes") // as MapDB declares it
        public int valueArraySearch(Object values, Object value, Comparator comparator) {
            throw unused();
        }
    }
}

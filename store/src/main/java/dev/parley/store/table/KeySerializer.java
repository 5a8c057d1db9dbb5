package dev.parley.store.table;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.zip.CRC32C;
import org.mapdb.DataOutput2;

/** Keys in unsigned byte order. One for each table, because it remembers the first keys of that table's pages. */
final class KeySerializer extends NodeSerializer<byte[]> {
    private byte[][] firstKeys = {};

    @Override
    public byte[][] valueArrayFromArray(Object[] keys) {
        firstKeys = arrays(keys);
        return firstKeys;
    }

    /** Of the keys made an array of last: after opening, those that lead to the pages. */
    int crcOfFirstKeys() {
        CRC32C crc = new CRC32C();
        for (byte[] key : firstKeys) {
            addTo(crc, key);
        }
        return (int) crc.getValue();
    }

    static void addTo(CRC32C crc, byte[] key) {
        crc.update(key.length >>> 8);
        crc.update(key.length);
        crc.update(key);
    }

    @Override
    public void valueArraySerialize(DataOutput2 out, Object keys) throws IOException {
        write(out, (byte[][]) keys);
    }

    @Override
    public byte[] valueArrayGet(Object keys, int index) {
        if (keys instanceof byte[][] array) {
            return array[index];
        }
        Node node = (Node) keys;
        byte[] key = new byte[node.length(index)];
        node.page().get(node.start(index), key);
        return key;
    }

    @Override
    public int valueArraySize(Object keys) {
        return keys instanceof byte[][] array ? array.length : ((Node) keys).count();
    }

    @Override
    public int valueArraySearch(Object keys, byte[] key) {
        if (keys instanceof byte[][] array) {
            return Arrays.binarySearch(array, key, Arrays::compareUnsigned);
        }
        Node node = (Node) keys;
        int low = 0;
        int high = node.count() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(node, middle, key);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -(low + 1);
    }

    @Override
    @SuppressWarnings("rawtypes") // as MapDB declares it
    public int valueArraySearch(Object keys, byte[] key, Comparator comparator) {
        return valueArraySearch(keys, key);
    }

    private static int compare(Node node, int index, byte[] key) {
        int start = node.start(index);
        int length = node.length(index);
        int common = Math.min(length, key.length);
        for (int i = 0; i < common; i++) {
            int order = (node.page().get(start + i) & 0xFF) - (key[i] & 0xFF);
            if (order != 0) {
                return order;
            }
        }
        return length - key.length;
    }

    @Override
    public int compare(byte[] one, byte[] other) {
        return Arrays.compareUnsigned(one, other);
    }

    @Override
    public boolean equals(byte[] one, byte[] other) {
        return Arrays.equals(one, other);
    }

    @Override
    public int hashCode(byte[] key, int seed) {
        return Arrays.hashCode(key) ^ seed;
    }
}

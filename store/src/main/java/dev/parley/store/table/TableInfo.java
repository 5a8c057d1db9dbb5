package dev.parley.store.table;

/**
 * What the manifest says of a table.
 *
 * @param number names the files; a larger one was begun later
 * @param sizeBytes of the table file
 * @param sha256 of the table file, in lower-case hexadecimal digits
 * @param valuesBytes of the value file; 0 when there is none
 * @param valuesSha256 of the value file, see {@code sha256}; of nothing when there is none
 * @param entries versions, records and cells
 * @param subjects different keys and cells
 * @param revisionMin lowest revision of a version or a record; 0 when there are only cells
 * @param revisionMax highest one
 */
record TableInfo(
        long number,
        long sizeBytes,
        String sha256,
        long valuesBytes,
        String valuesSha256,
        long entries,
        long subjects,
        long revisionMin,
        long revisionMax) {

    String file() {
        return number + ".table";
    }

    String valuesFile() {
        return number + ".values";
    }

    boolean hasValues() {
        return valuesBytes > 0;
    }

    long totalBytes() {
        return sizeBytes + valuesBytes;
    }
}

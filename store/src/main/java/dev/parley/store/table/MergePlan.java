package dev.parley.store.table;

import java.util.List;
import java.util.Optional;

/**
 * Which tables to merge next, by their sizes. Only neighbours are merged: a table must stay newer than all behind it.
 * Sizes fall into tiers, each four times the one below; when enough tables of one tier stand together, with at most
 * smaller ones between them, they become one table of the next. Each entry is so rewritten about once a tier.
 *
 * @param from index of the first table, counted from the newest
 * @param to index behind the last one
 */
record MergePlan(int from, int to) {
    private static final long TIER_ZERO_BYTES = 64 << 10;

    /** @param sizesBytes newest first */
    static Optional<MergePlan> choose(List<Long> sizesBytes, int width, int countMax) {
        int[] tiers = sizesBytes.stream().mapToInt(MergePlan::tier).toArray();
        for (int tier = 0; tier <= highest(tiers); tier++) {
            Optional<MergePlan> plan = ofTier(tiers, tier, width);
            if (plan.isPresent()) {
                return plan;
            }
        }
        return sizesBytes.size() > countMax ? Optional.of(cheapest(sizesBytes, width)) : Optional.empty();
    }

    private static int tier(long sizeBytes) {
        int tier = 0;
        for (long rest = sizeBytes / TIER_ZERO_BYTES; rest > 0; rest /= 4) {
            tier++;
        }
        return tier;
    }

    private static int highest(int[] tiers) {
        int highest = -1;
        for (int tier : tiers) {
            highest = Math.max(highest, tier);
        }
        return highest;
    }

    /** Neighbours of no higher tier, enough of them of this one. */
    private static Optional<MergePlan> ofTier(int[] tiers, int tier, int width) {
        int from = 0;
        int ofTier = 0;
        for (int at = 0; at <= tiers.length; at++) {
            if (at == tiers.length || tiers[at] > tier) {
                if (ofTier >= width) {
                    return Optional.of(new MergePlan(from, at));
                }
                from = at + 1;
                ofTier = 0;
            } else if (tiers[at] == tier) {
                ofTier++;
            }
        }
        return Optional.empty();
    }

    private static MergePlan cheapest(List<Long> sizesBytes, int width) {
        int best = 0;
        long bestBytes = Long.MAX_VALUE;
        for (int from = 0; from + width <= sizesBytes.size(); from++) {
            long bytes = 0;
            for (long size : sizesBytes.subList(from, from + width)) {
                bytes += size;
            }
            if (bytes < bestBytes) {
                best = from;
                bestBytes = bytes;
            }
        }
        return new MergePlan(best, best + width);
    }
}

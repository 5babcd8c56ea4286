/// Loops over the entries of a vector or of one row. Their contracts stand in CKernelsEntries.h.
#include "CKernelsEntries.h"

#pragma STDC FP_CONTRACT OFF

/// The running sums or extremes that each loop keeps, so that no step waits for the one before it.
enum { entry_lanes = 8 };

/// Entries that stay in the first-level cache while they are looked at twice.
enum { entry_block = 4096 };

/// The sum of eight running sums, always in this order.
#define TOTAL(s) (((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7])))

/// Adds TERM(i) for every i below count to the running sums s. Terms that do not fill eight sums go to the first.
#define ADD_ALL(s, count, TERM)                                                      \
    size_t i = 0;                                                                    \
    for (; i + entry_lanes <= count; i += entry_lanes)                               \
        for (size_t lane = 0; lane < entry_lanes; lane++) s[lane] += TERM(i + lane); \
    for (; i < count; i++) s[0] += TERM(i)

#define MAGNITUDE(x) __builtin_elementwise_abs(x)

#define TYPED_FILE "../Entries/entries_body.h"
#include "../Dispatch/both_types.h"

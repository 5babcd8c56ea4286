/// A few threads that work in step on one kernel, and wait for each other by spinning: their steps take microseconds.
#ifndef TEAM_H
#define TEAM_H

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>

enum { most_members = 16 };

typedef struct {
    /// Set once all that could be started are.
    _Atomic int members;
    _Atomic int arrived;
    _Atomic int round;
} team_barrier;

static inline void team_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/// Waits until it is known how many members there are.
static inline void team_assemble(team_barrier *barrier) {
    while (atomic_load_explicit(&barrier->members, memory_order_acquire) == 0) { team_pause(); }
}

/// Returns when every member has called it as often as this one. `round` is the member's own count of calls.
static inline void team_wait(team_barrier *barrier, int *round) {
    int mine = ++*round, members = atomic_load_explicit(&barrier->members, memory_order_relaxed);
    if (members == 1) { return; }
    if (atomic_fetch_add_explicit(&barrier->arrived, 1, memory_order_acq_rel) == members - 1) {
        atomic_store_explicit(&barrier->arrived, 0, memory_order_relaxed);
        atomic_store_explicit(&barrier->round, mine, memory_order_release);
        return;
    }
    // On a busy machine the other member may not be running: then let it.
    for (int spins = 0; atomic_load_explicit(&barrier->round, memory_order_acquire) < mine; spins++) {
        if (spins < 500) {
            team_pause();
        } else {
            sched_yield();
        }
    }
}

#endif
